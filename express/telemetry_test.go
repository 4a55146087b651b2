package express

import (
	"testing"

	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/templates"
)

// TestTelemetryOfReleasesAndModes says who tells the monitor what processes do:
// mod_wsgi, the file that they load, or nobody, which is refused.
func TestTelemetryOfReleasesAndModes(t *testing.T) {
	t.Parallel()
	own := telemetry{target: "unix:/s", monitor: &monitor{folder: "/root", sender: "/root/telemetry.py"}}
	other := telemetry{target: "unix:/s"}
	for _, test := range []struct {
		telemetry
		release, mode, target, sender string
		isRefused                     bool
	}{
		{own, "6.1.1", "daemon", "unix:/s", "/root/telemetry.py", false},
		{own, "6.1.1", "embedded", "unix:/s", "", false},
		{own, "4.9.4", "daemon", "", "/root/telemetry.py", false},
		{own, "4.9.4", "embedded", "", "", true},
		{own, "5.0.2", "debug", "", "", true},
		{other, "6.1.1", "daemon", "unix:/s", "", false},
		{telemetry{}, "4.9.4", "embedded", "", "", false},
	} {
		release, err := modwsgi.ParseRelease(test.release)
		if err != nil {
			t.Fatal(err)
		}
		mode := templates.Mode(test.mode)
		if got := test.targetOf(release); got != test.target {
			t.Errorf("%s in %s: target %q, want %q", test.release, mode, got, test.target)
		}
		if got := test.senderOf(mode); got != test.sender {
			t.Errorf("%s in %s: %q, want %q", test.release, mode, got, test.sender)
		}
		if err := test.checkMode(mode, release); (err != nil) != test.isRefused {
			t.Errorf("%s in %s: %v", test.release, mode, err)
		}
	}
}
