package system

import (
	"fmt"
	"strings"
	"testing"
)

// The first project of an Apache forbids embedded mode, in which applications of
// others may run: the plan says whose, and which of them do not run so.
func TestEmbeddedApplicationsOfOthersAreNamedBeforeTheyAreRefused(t *testing.T) {
	t.Parallel()
	i := newStoppedInstance(t, "event")
	i.brokenByOthers = true
	script := i.application("theirs", "theirs")
	theirs := i.write("sites-enabled/theirs.conf", fmt.Sprintf("<VirtualHost *:%d>\nServerName theirs.example.org\nWSGIScriptAlias /old %s\n"+
		"WSGIDaemonProcess theirs\nWSGIScriptAlias /new %s process-group=theirs\n</VirtualHost>\n", i.port, script, script))
	_, stage := i.staged(i.declare("6.1.1", "hello"))
	text := stage.RefusesEmbedded()
	if want := "theirs.example.org/old (" + theirs + ":3)"; !strings.Contains(text, want) || strings.Contains(text, "/new") || strings.Contains(text, "hello") {
		t.Errorf("said %q; want %q", text, want)
	}
}
