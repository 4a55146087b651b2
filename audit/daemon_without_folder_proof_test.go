package audit_test

import (
	"bufio"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/wsgi"
)

// Each release has a daemon process enter the home of its user where nothing
// names another folder, and end where it cannot.
func TestDaemonWithoutFolderDoesNotStart(t *testing.T) {
	t.Parallel()
	needtest.Root(t)
	user := userWithoutHome(t)
	for _, release := range []string{"4.9.4", "5.0.2", "6.1.1"} {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			s := httpdtest.New(t)
			s.Write("app.wsgi", reader)
			configuration := "WSGIDaemonProcess lost user=" + user + "\nWSGIDaemonProcess found user=" + user + " home=" + s.Root + "\n" +
				"WSGIScriptAlias /lost " + s.Root + "/app.wsgi process-group=lost\nWSGIScriptAlias /found " + s.Root + "/app.wsgi process-group=found\n"
			s.Start(s.LoadModule(release) + configuration)
			deadline := time.Now().Add(time.Minute)
			for said := "Unable to change working directory to home directory"; !strings.Contains(s.ErrorLog(), said); time.Sleep(10 * time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatalf("nothing about %q:\n%s", said, s.ErrorLog())
				}
			}
			if status := statusOf(t, s, http.MethodGet, "/found", 0); status != "200" {
				t.Errorf("with home=: status %s\n%s", status, s.ErrorLog())
			}
			config, err := conf.Read(filepath.Join(s.Root, "httpd.conf"), conf.Options{Modules: []conf.Module{wsgi.Module(modwsgi.Release{})}, Scope: conf.Whole})
			if err != nil {
				t.Fatal(err)
			}
			view := wsgi.Look(config, modwsgi.MustParseRelease(release), nil)
			view.CannotEnter = func(user, home, apacheUser string) string { return detect.WorkingFolder("", user, home, apacheUser) }
			findings := audit.Run(view, audit.Settings{Select: []string{"WC227"}}).Findings
			if len(findings) != 1 || !strings.Contains(findings[0].Message, "group lost cannot start") {
				t.Errorf("findings %v", findings)
			}
		})
	}
}

// userWithoutHome is an account of this host whose home is not there.
func userWithoutHome(t *testing.T) string {
	t.Helper()
	file, err := os.Open("/etc/passwd")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		fields := strings.Split(lines.Text(), ":")
		if len(fields) < 7 || fields[0] == "nobody" {
			continue
		}
		if _, err := os.Stat(fields[5]); os.IsNotExist(err) {
			return fields[0]
		}
	}
	needtest.Missing(t, "each account of this host has a home")
	return ""
}
