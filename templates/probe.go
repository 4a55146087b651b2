package templates

import (
	"fmt"
	"strings"
)

// ProbeHeader is the request header of a probe, and DaemonHeader the response
// header that answers it.
const (
	ProbeHeader  = "Wsgictl-Probe"
	DaemonHeader = "Wsgictl-Daemon"
)

// ProbeLine is the directive by which a virtual host of the site adds a blank
// and the site's name to the answer that [Probe] makes. It does nothing where
// there is none.
func (s Site) ProbeLine() string {
	return fmt.Sprintf("Header always edit %s $ \" %s\"", DaemonHeader, s.Name)
}

// ProbedSite is the name of the site whose virtual host has these words after
// Header; empty where they are no [Site.ProbeLine].
func ProbedSite(words []string) string {
	if len(words) != 5 || words[1] != "edit" || words[2] != DaemonHeader {
		return ""
	}
	return strings.TrimSpace(words[4])
}

// Probe gives the lines by which a request can see that Apache uses this very
// configuration: to one that carries the mark, the response names the daemon
// process group that it was given to. The mark has letters and digits only.
func Probe(mark string) (string, error) {
	return execute("probe.conf.tmpl", map[string]string{"Mark": mark, "Request": ProbeHeader, "Response": DaemonHeader})
}
