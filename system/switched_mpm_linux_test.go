package system

import "testing"

// The next reload may be that of the rotated logs: who looks before is told.
func TestSwitchedMPMIsToldBeforeTheNextReload(t *testing.T) {
	t.Parallel()
	c := newCommands(t)
	c.virtualenv("6.1.1", "shop")
	c.run(0, "shop", "apply --yes")
	c.useMPM("prefork")
	c.run(1, "shop", "status", "Apache would stop at the next reload", "Apache runs with the event MPM, and its configuration now loads prefork")
	c.run(1, "shop", "plan", "with the files that are there Apache would stop at the next reload: Apache runs with the event MPM")
}
