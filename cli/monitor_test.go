package cli

import (
	"strings"
	"testing"
)

// TestMonitorIgnoresNoOption gives those that would have no effect.
func TestMonitorIgnoresNoOption(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]monitorCommand{
		"":                              {Socket: "/run/s", Group: []string{"shop"}},
		"--group is for --socket":       {Group: []string{"shop"}},
		"--parent is for --socket":      {Parent: 1},
		"want the process id of Apache": {Socket: "/run/s", Parent: -1},
		"--socket is in the place of ":  {Socket: "/run/s", readFlags: readFlags{Define: []string{"A"}}},
		"leave away what says how":      {Socket: "/run/s", Path: "/etc/apache2"},
	} {
		if err := c.check(); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", c, err, want)
		}
	}
}
