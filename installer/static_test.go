package installer_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/installer"
	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/trust"
)

// TestStaticLibpython links the whole archive of a Python into the module and
// lets httpd load it. Few machines have such an archive, so it is not looked
// for unless WSGICTL_SOAK is set.
func TestStaticLibpython(t *testing.T) {
	t.Parallel()
	needtest.Asked(t, "WSGICTL_SOAK")
	home, err := os.UserHomeDir()
	if err != nil {
		t.Fatal(err)
	}
	archives, err := filepath.Glob(filepath.Join(home, ".pyenv/versions/3.11.*/lib/python3.11/config-*/libpython3.11.a"))
	if err != nil || len(archives) == 0 {
		needtest.Missing(t, "no libpython3.11.a here: %v", err)
	}
	prefix := filepath.Dir(filepath.Dir(filepath.Dir(filepath.Dir(archives[0]))))
	host, err := detect.Detect(t.Context(), detect.Request{Python: filepath.Join(prefix, "bin/python3")})
	if err != nil {
		t.Fatal(err)
	}
	python := *host.Python
	python.Shared, python.Libpython, python.StaticLib = false, "", archives[0]
	builder := installer.Builder{Apache: host.Apache, Python: &python, Cache: t.TempDir(), Trusted: trust.Deciders()}
	path, err := builder.Module(t.Context(), httpdtest.Archive(t, "5.0.2"))
	if err != nil {
		t.Fatal(err)
	}
	if err := installer.Verify(t.Context(), host.Apache, path, "", t.TempDir()); err != nil {
		t.Error(err)
	}
	module, err := detect.ReadModule(path)
	if err != nil {
		t.Fatal(err)
	}
	if module.Libpython != "" || module.Size < 4<<20 {
		t.Errorf("not linked statically: needs %q, %d bytes", module.Libpython, module.Size)
	}
}
