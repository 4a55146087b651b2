package modwsgictl_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	modwsgictl "github.com/wsgictl/wsgictl/mod_wsgictl"
	"github.com/wsgictl/wsgictl/needtest"
)

// releases are those of mod_wsgi that the module is tried with.
var releases = []string{"4.9.4", "6.1.1"}

var errNoApxs = errors.New("no apxs, which comes with the development files of httpd")

// built is the folder with the module, for the whole test run.
var built = sync.OnceValues(func() (string, error) {
	apxs, err := exec.LookPath("apxs")
	if err != nil {
		return "", errNoApxs
	}
	folder, err := os.MkdirTemp("", "mod_wsgictl")
	if err != nil {
		return "", err
	}
	if err := os.CopyFS(folder, modwsgictl.Source); err != nil {
		return folder, err
	}
	files, err := filepath.Glob(filepath.Join(folder, "source", "*.c"))
	if err != nil {
		return folder, err
	}
	command := exec.Command(apxs, append([]string{"-c", "-n", "wsgictl", "-Wc,-Wall -Wextra -Werror", "-o", "mod_wsgictl.so"}, files...)...)
	command.Dir = folder
	if output, err := command.CombinedOutput(); err != nil {
		return folder, fmt.Errorf("%s: %w\n%s", command, err, output)
	}
	return folder, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if folder, _ := built(); folder != "" {
		os.RemoveAll(folder)
	}
	os.Exit(code)
}

// load gives the lines that load the module into a server.
func load(t *testing.T, s *httpdtest.Server) string {
	t.Helper()
	folder, err := built()
	if errors.Is(err, errNoApxs) {
		needtest.Missing(t, "%v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	module, err := os.ReadFile(filepath.Join(folder, ".libs", "mod_wsgictl.so"))
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("LoadModule wsgictl_module %q\n", s.Write("mod_wsgictl.so", string(module)))
}
