package system

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/templates"
	"github.com/wsgictl/wsgictl/trust"
)

// Two accounts that no system has.
const (
	alice = 61001
	bob   = 61002
)

// sharedFolder is a folder of root's that others can reach.
func sharedFolder(t *testing.T) string {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can give files to others")
	}
	dir, err := os.MkdirTemp("", "wsgictl-system-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// declareBelow declares a site of which all that Apache goes by as root lies in
// a folder.
func declareBelow(t *testing.T, dir string) Declaration {
	t.Helper()
	at := func(name string) string { return filepath.Join(dir, name) }
	for _, folder := range []string{"project", "logs", "python/lib/python3.11", "venv/bin", "keys", "jail"} {
		if err := os.MkdirAll(at(folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	config := "home = " + at("python/bin") + "\nversion = 3.11.2\n"
	for path, text := range map[string]string{"project/wsgictl.toml": "", "python/lib/libpython3.11.so": "", "keys/shop.key": "", "venv/pyvenv.cfg": config} {
		if err := os.WriteFile(at(path), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return Declaration{
		File:    at("project/wsgictl.toml"),
		Module:  Module{Libraries: []string{at("python/lib/libpython3.11.so")}},
		Daemons: []templates.Daemon{{Name: "shop", Settings: []modwsgi.Setting{{Name: "python-home", Value: at("venv")}, {Name: "chroot", Value: at("jail")}}}},
		Sites:   []templates.Site{{Name: "shop", LogDirectory: at("logs"), SSLCertificateKeyFile: at("keys/shop.key")}},
	}
}

func TestWhatOthersCanChangeIsRefusedUnlessTrusted(t *testing.T) {
	t.Parallel()
	for path, says := range map[string]string{
		"project":                     "the declaration is not root's alone",
		"project/wsgictl.toml":        "the declaration is not root's alone",
		"python/lib/python3.11":       "the Python of daemon shop is not root's alone",
		"python/lib/libpython3.11.so": "the Python of mod_wsgi is not root's alone",
		"logs":                        "the log folder of site shop is not root's alone",
		"keys/shop.key":               "the certificate key of site shop is not root's alone",
		"jail":                        "the chroot of daemon shop is not root's alone",
		"venv":                        "", // which is used by no process of root's
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			d := declareBelow(t, sharedFolder(t))
			manager := Manager{Apache: &Apache{}}
			if trusted, err := manager.trustFor(d); err != nil || len(trusted) > 0 {
				t.Fatalf("all is root's: %v, %v", trusted, err)
			}
			given := filepath.Join(filepath.Dir(filepath.Dir(d.File)), path)
			if err := os.Lchown(given, alice, alice); err != nil {
				t.Fatal(err)
			}
			_, err := manager.trustFor(d)
			untrusted := (*trust.Untrusted)(nil)
			if refused := errors.As(err, &untrusted); refused != (says != "") {
				t.Fatalf("error %v", err)
			}
			if says != "" && (!strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), given+": it belongs to user 61001") || !strings.HasSuffix(err.Error(), "or take the risk by name: --trust '#61001'")) {
				t.Errorf("error %v", err)
			}
			d.Trust = []string{"#61002", "#61001"}
			trusted, err := manager.trustFor(d)
			if err != nil || slices.Contains(trusted, "#61001") != (says != "") || slices.Contains(trusted, "#61002") {
				t.Errorf("trusted %q, error %v", trusted, err)
			}
		})
	}
}

// Who can rename /var/log/apache2 has no more to say by a site that logs there.
func TestFoldersAboveApachesLogsAreTheSystemsMatter(t *testing.T) {
	t.Parallel()
	dir := sharedFolder(t)
	for _, folder := range []string{"log/apache2", "log/shop"} {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	apache := &Apache{Apache: detect.Apache{ServerRoot: dir}, environment: map[string]string{"APACHE_LOG_DIR": filepath.Join(dir, "log/apache2")}}
	for _, c := range []struct {
		given, logs string
		refused     bool
	}{
		{"log", "log/apache2", false}, {"log", "log/shop", false},
		{"log/apache2", "log/apache2", true}, {"log/shop", "log/shop", true}, {"log/shop", "log/apache2", false},
	} {
		for _, folder := range []string{"log", "log/apache2", "log/shop"} {
			uid := 0
			if folder == c.given {
				uid = bob
			}
			if err := os.Lchown(filepath.Join(dir, folder), uid, uid); err != nil {
				t.Fatal(err)
			}
		}
		d := Declaration{File: "/", Sites: []templates.Site{{Name: "shop", LogDirectory: filepath.Join(dir, c.logs)}}}
		if _, err := (Manager{Apache: apache}).trustFor(d); (err != nil) != c.refused {
			t.Errorf("%+v: error %v", c, err)
		}
	}
}
