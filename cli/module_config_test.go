package cli

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/needtest"
)

// pythons are the interpreters to build for: the machine's own, and with
// WSGICTL_SOAK all that pyenv has.
func pythons(t *testing.T) []string {
	t.Helper()
	if os.Getenv("WSGICTL_SOAK") == "" {
		return []string{httpdtest.Python}
	}
	home, err := os.UserHomeDir()
	if err != nil {
		t.Fatal(err)
	}
	found, err := filepath.Glob(filepath.Join(home, ".pyenv/versions/3.*/bin/python3"))
	if err != nil {
		t.Fatal(err)
	}
	return append(found, httpdtest.Python)
}

// TestModuleConfigIsThatOfExpress builds the real releases and holds what
// wsgictl prints of each against what the virtualenv's own mod_wsgi-express
// prints, byte for byte but for the line that loads mod_wsgictl.
func TestModuleConfigIsThatOfExpress(t *testing.T) {
	t.Parallel()
	cache := httpdtest.Builder(t).Cache
	for _, python := range pythons(t) {
		for _, release := range []string{"4.9.4", "5.0.2", "6.1.1"} {
			t.Run(python+" "+release, func(t *testing.T) {
				t.Parallel()
				archive := httpdtest.Archive(t, release).Path
				dir := t.TempDir()
				// One by way of a link, and with a character that a "#!" line cannot hold.
				if err := os.MkdirAll(filepath.Join(dir, "real folder"), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.Symlink("real folder", filepath.Join(dir, "link")); err != nil {
					t.Fatal(err)
				}
				for _, name := range []string{"venv", "real folder/venv", "link/venv2"} {
					venv := filepath.Join(dir, name)
					if out, err := exec.Command(python, "-m", "venv", "--without-pip", venv).CombinedOutput(); err != nil {
						needtest.Missing(t, "no virtualenv: %v: %s", err, out)
					}
					var installed, messages bytes.Buffer
					if code := run(t.Context(), []string{"install-module", "--venv", venv, "--source", archive, "--cache-dir", cache}, &installed, &messages); code != 0 {
						if strings.Contains(messages.String(), "does not fit") {
							needtest.Elsewhere(t, "%s", messages.String())
						}
						t.Fatal(messages.String())
					}
					for _, command := range []string{"module-config", "module-location"} {
						var ours, ourMessages bytes.Buffer
						if code := run(t.Context(), []string{command, "--venv", venv}, &ours, &ourMessages); code != 0 || ourMessages.Len() > 0 {
							t.Fatalf("%s: exit code %d: %s", command, code, ourMessages.String())
						}
						theirs, err := exec.Command(filepath.Join(venv, "bin/mod_wsgi-express"), command).Output()
						if err != nil {
							t.Fatal(err)
						}
						if distutilsGone(string(theirs)) {
							needtest.Elsewhere(t, "this mod_wsgi-express finds its module with distutils, which this Python has not")
						}
						beside := regexp.MustCompile(`(?m)^LoadModule wsgictl_module ".*/mod_wsgictl-py.*\.so"\n`)
						if command == "module-config" && !beside.MatchString(ours.String()) {
							t.Errorf("no line loads mod_wsgictl: %s", ours.String())
						}
						if diff := cmp.Diff(string(theirs), beside.ReplaceAllString(ours.String(), "")); diff != "" {
							t.Errorf("%s %s: %s", command, venv, diff)
						}
						if command == "module-config" && ours.String() != installed.String() {
							t.Errorf("install-module printed something else:\n%s", installed.String())
						}
					}
				}
			})
		}
	}
}

// distutilsGone tells a mod_wsgi-express of 4.9 under Python 3.12 or later: it
// names a module without an ABI tag, which is not there.
func distutilsGone(output string) bool {
	return regexp.MustCompile(`mod_wsgi-py3\d+\.so`).MatchString(output)
}

// TestModuleConfigNamesTheVenvAsItsScriptsDo finds a virtualenv by a link that
// its own scripts do not know of.
func TestModuleConfigNamesTheVenvAsItsScriptsDo(t *testing.T) {
	t.Parallel()
	cache := httpdtest.Builder(t).Cache
	dir := t.TempDir()
	venv := filepath.Join(dir, "venv")
	if out, err := exec.Command(httpdtest.Python, "-m", "venv", "--without-pip", venv).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := os.Symlink("venv", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	var direct, byLink, messages bytes.Buffer
	if code := run(t.Context(), []string{"install-module", "--venv", venv, "--source", httpdtest.Archive(t, "6.1.1").Path, "--cache-dir", cache}, &direct, &messages); code != 0 {
		t.Fatal(messages.String())
	}
	if code := run(t.Context(), []string{"module-config", "--venv", filepath.Join(dir, "link")}, &byLink, &messages); code != 0 {
		t.Fatal(messages.String())
	}
	if diff := cmp.Diff(direct.String(), byLink.String()); diff != "" {
		t.Error(diff)
	}
}
