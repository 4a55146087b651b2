package detect

import (
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/trust"
)

// pidOf gives the pid of the server of an httpd and its own configuration: a
// process that runs it, or the one that its pid file names.
func (t tree) pidOf(a *Apache, running []installed.Process) int {
	instance := a.Identity(t.Root, trust.Everyone())
	for _, p := range running {
		if instance.Runs(p) {
			return p.PID
		}
	}
	process, _ := instance.Process() // without one it is 0
	return process.PID
}
