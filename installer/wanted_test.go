package installer

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/installed"
)

// TestDistributionsModuleIsOneThatNobodyCopied looks for the distribution's mod_wsgi
// in the modules folder, where "wsgictl apply" and "install-module
// --modules-directory" put copies of others, too.
func TestDistributionsModuleIsOneThatNobodyCopied(t *testing.T) {
	t.Parallel()
	venv := emptyVirtualenv(t, "3.11.2")
	for name, test := range map[string]struct {
		file, python string
		taken        bool
	}{
		"a package's":                {"/usr/lib/apache2/modules/mod_wsgi.so", "3.11", true},
		"a package's, by its series": {"/usr/lib/apache2/modules/mod_wsgi_python3.so", "3.11", true},
		"copied":                     {"/usr/lib/apache2/modules/mod_wsgi-5.0.2-py3.11-0123abcd.so", "3.11", false},
		"copied without a digest":    {"/usr/lib/apache2/modules/mod_wsgi-py311.so", "3.11", false},
		"of another folder":          {"/opt/modules/mod_wsgi.so", "3.11", false},
		"for another Python":         {"/usr/lib/apache2/modules/mod_wsgi.so", "3.1", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			host := detect.Host{
				Apache: &detect.Apache{Apache: installed.Apache{ModulesDir: "/usr/lib/apache2/modules"}}, Virtualenv: &venv,
				Modules: []detect.Module{{Path: test.file, Release: "5.0.2", Python: test.python}},
			}
			found, err := Wanted{Host: host, Release: "5.0.2"}.Find()
			if test.taken && (err != nil || found.Origin != OfDistribution || found.Module.Path != test.file) {
				t.Errorf("found %+v, error %v; want the distribution's", found, err)
			}
			if !test.taken && !errors.As(err, new(*MissingError)) {
				t.Errorf("found %+v, error %v; want none", found, err)
			}
		})
	}
}

// emptyVirtualenv is one without a mod_wsgi.
func emptyVirtualenv(t *testing.T, version string) detect.Virtualenv {
	t.Helper()
	dir := t.TempDir()
	for _, folder := range []string{"bin", "lib/python3.11/site-packages"} {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "pyvenv.cfg"), []byte("home = /usr/bin\nversion = "+version+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	venv, err := detect.ReadVirtualenv(dir)
	if err != nil {
		t.Fatal(err)
	}
	return venv
}
