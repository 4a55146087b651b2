package system

import "time"

// A Generation is what one transaction left behind.
type Generation struct {
	Number   int                `json:"number"`
	Time     time.Time          `json:"time"`
	Command  string             `json:"command"`            // that made it: "apply", "rollback 3"
	Restores int                `json:"restores,omitempty"` // the generation that it went back to
	Managed  map[string]Managed `json:"managed"`
}

// Wanted is what has to stand where so that the generation is in force.
func (g Generation) Wanted() map[string]Want {
	wanted := map[string]Want{}
	for path, managed := range g.Managed {
		wanted[path] = managed.Want
	}
	return wanted
}
