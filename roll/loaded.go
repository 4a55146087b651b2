package roll

import "github.com/wsgictl/wsgictl/httpd/installed"

// A Loaded is a process that has loaded its applications.
type Loaded struct {
	PID     int    `json:"pid"`
	Started string `json:"started"` // by which it is told from a later one of the same number, as /proc tells it
}

// Loaded are the processes of the group that serve.
func (g Group) Loaded(server installed.Process) []Loaded {
	var all []Loaded
	for _, p := range g.processes(server) {
		if p.isReady(g) {
			all = append(all, loaded(p))
		}
	}
	return all
}

func loaded(p process) Loaded { return Loaded{p.PID, p.Started} }
