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

// sanitized tells whether the module is built so that its processes tell, and stop, when
// it uses memory that is not its own or does what C does not define.
var sanitized = os.Getenv("WSGICTL_SANITIZE") != ""

var errNoApxs = errors.New("no apxs, which comes with the development files of httpd")

// built is the folder with the module, for the whole test run.
var built = sync.OnceValues(func() (string, error) {
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
	return folder, compile(folder, "wsgictl", sanitized, files...)
})

// compile builds a module of Apache in a folder.
func compile(folder, name string, sanitized bool, files ...string) error {
	apxs, err := exec.LookPath("apxs")
	if err != nil {
		return errNoApxs
	}
	words := []string{"-c", "-n", name, "-Wc,-Wall -Wextra -Wno-unused-parameter -Werror", "-o", "mod_" + name + ".so"}
	if sanitized {
		words = append(words, "-Wc,-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer", "-Wl,-fsanitize=address,undefined")
	}
	command := exec.Command(apxs, append(words, files...)...)
	command.Dir = folder
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", command, err, output)
	}
	return nil
}

func TestMain(m *testing.M) {
	code := m.Run()
	if folder, _ := built(); folder != "" {
		os.RemoveAll(folder)
	}
	os.Exit(code)
}

// load gives the lines that load the module into a server, which has the folder "kept" for it.
func load(t *testing.T, s *httpdtest.Server) string {
	t.Helper()
	folder, err := built()
	if errors.Is(err, errNoApxs) {
		needtest.Missing(t, "%v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if sanitized {
		sanitize(t, s)
		t.Cleanup(func() {
			if report := reported(s); report != "" {
				t.Error(report)
			}
		})
	}
	keepIn(t, s, filepath.Join(s.Root, "kept"))
	return loadFrom(t, s, folder, "wsgictl")
}

// keepIn makes a folder of the server's own where there is nothing.
func keepIn(t *testing.T, s *httpdtest.Server, path string) {
	t.Helper()
	if _, err := os.Lstat(path); err == nil {
		return
	}
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	account := 65534 // of a server that root starts
	if s.As != nil {
		account = int(s.As.Uid)
	}
	if os.Geteuid() == 0 {
		if err := os.Chown(path, account, account); err != nil {
			t.Fatal(err)
		}
	}
}

func loadFrom(t *testing.T, s *httpdtest.Server, folder, name string) string {
	t.Helper()
	module, err := os.ReadFile(filepath.Join(folder, ".libs", "mod_"+name+".so"))
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("LoadModule %s_module %q\n", name, s.Write("mod_"+name+".so", string(module)))
}
