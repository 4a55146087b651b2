package detect_test

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/needtest"
)

func TestReadModuleOfEachRelease(t *testing.T) {
	t.Parallel()
	for _, release := range []string{"4.9.4", "5.0.2", "6.1.1"} {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			path := httpdtest.Module(t, release)
			m, err := detect.ReadModule(path)
			if err != nil {
				t.Fatal(err)
			}
			if m.Release != release {
				t.Errorf("release %q", m.Release)
			}
			if !strings.HasPrefix(m.Libpython, "libpython"+m.Python+".so") {
				t.Errorf("compiled for %q, needs %q", m.Python, m.Libpython)
			}
			if got, want := real(t, m.Resolved), loadedBySystem(t, path, m.Libpython); got != want {
				t.Errorf("resolved %s, the loader takes %s", got, want)
			}
			if !strings.HasPrefix(m.MagicNumber, "20120211:") {
				t.Errorf("magic number %q", m.MagicNumber)
			}
		})
	}
}

// loadedBySystem asks the real loader which file it takes for a library.
func loadedBySystem(t *testing.T, module, library string) string {
	t.Helper()
	out, err := exec.Command("ldd", module).Output()
	if err != nil {
		needtest.Missing(t, "%v", err)
	}
	m := regexp.MustCompile(regexp.QuoteMeta(library) + ` => (\S+)`).FindSubmatch(out)
	if m == nil {
		return ""
	}
	return real(t, string(m[1]))
}

func real(t *testing.T, path string) string {
	t.Helper()
	resolved, err := filepath.EvalSymlinks(path)
	if err != nil {
		t.Fatal(err)
	}
	return resolved
}
