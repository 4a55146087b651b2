package audit_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpdtest"
)

// TestDisagreementsOfRunningServer looks at a real server whose files were
// changed behind its back.
func TestDisagreementsOfRunningServer(t *testing.T) {
	t.Parallel()
	s := httpdtest.New(t)
	s.Write("srv/shop/app.wsgi", script)
	s.Start(s.LoadModule("6.1.1") + strings.ReplaceAll(`
WSGIRestrictEmbedded On
WSGIDaemonProcess shop display-name=%{GROUP}
WSGIScriptAlias / ROOT/srv/shop/app.wsgi process-group=shop
`, "ROOT", s.Root))
	file := s.Root + "/httpd.conf"
	live := lookLive(t, s.PID(), "shop")
	modified := map[string]time.Time{file: live.Started.Add(-time.Minute)}
	if diff := cmp.Diff([]audit.Disagreement{}, lookAt(t, file).Disagreements(live, modified)); diff != "" {
		t.Errorf("a server that is what its files say (-want +got)\n%s", diff)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s.Write("httpd.conf", strings.ReplaceAll(string(text), "shop display-name", "store display-name"))
	modified[file] = live.Started.Add(time.Minute)
	var names []string
	for _, d := range lookAt(t, file).Disagreements(live, modified) {
		names = append(names, d.Name)
	}
	if diff := cmp.Diff([]string{"files-newer", "group-not-running", "group-not-declared"}, names); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// lookLive waits until the process of a group has its name.
func lookLive(t *testing.T, pid int, group string) *detect.Live {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		live, err := detect.LookLive(pid)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range live.Children {
			if p.Group == group && p.Module != "" && p.Libpython != "" {
				return live
			}
		}
	}
	t.Fatalf("no process of the group %s, with its module and Python, below %d", group, pid)
	return nil
}
