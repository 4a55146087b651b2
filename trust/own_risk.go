package trust

import "errors"

// AtOwnRisk ends the message of an [Untrusted] error with the option by which
// what was refused goes on all the same: ", or take the risk by name: --trust
// alice". It is empty where anybody could change the file.
func AtOwnRisk(err error) string {
	if untrusted := (*Untrusted)(nil); errors.As(err, &untrusted) && untrusted.Hole.Option() != "" {
		return ", or take the risk by name: " + untrusted.Hole.Option()
	}
	return ""
}
