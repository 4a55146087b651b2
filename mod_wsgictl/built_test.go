package modwsgictl_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
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
	words := []string{"-c", "-n", "wsgictl", "-Wc,-Wall -Wextra -Werror", "-o", "mod_wsgictl.so"}
	if sanitized {
		words = append(words, "-Wc,-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer", "-Wl,-fsanitize=address,undefined")
	}
	command := exec.Command(apxs, append(words, files...)...)
	command.Dir = folder
	if output, err := command.CombinedOutput(); err != nil {
		return folder, fmt.Errorf("%s: %w\n%s", command, err, output)
	}
	return folder, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if folder, _ := built(); folder != "" {
		reports, _ := filepath.Glob(filepath.Join(folder, "reports", "*"))
		for _, report := range reports {
			text, _ := os.ReadFile(report)
			fmt.Printf("%s\n", text)
			code = 1
		}
		os.RemoveAll(folder)
	}
	os.Exit(code)
}

// sanitize has the processes of a server tell what the module does wrong.
func sanitize(t *testing.T, s *httpdtest.Server, folder string) {
	t.Helper()
	reports := filepath.Join(folder, "reports")
	if err := errors.Join(os.Chmod(folder, 0o755), os.MkdirAll(reports, 0o777), os.Chmod(reports, 0o777)); err != nil {
		t.Fatal(err)
	}
	library, err := exec.Command("gcc", "-print-file-name=libasan.so").Output()
	if err != nil {
		t.Fatal(err)
	}
	first := "LD_PRELOAD=" + strings.TrimSpace(string(library))
	for _, variable := range s.Env { // what a test preloads comes after; of two the last one counts
		if more, ok := strings.CutPrefix(variable, "LD_PRELOAD="); ok {
			first += " " + more
		}
	}
	s.Env = append(s.Env, first, "ASAN_OPTIONS=detect_leaks=0:log_path="+reports+"/report", "UBSAN_OPTIONS=print_stacktrace=1:log_path="+reports+"/report")
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
	if sanitized {
		sanitize(t, s, folder)
	}
	module, err := os.ReadFile(filepath.Join(folder, ".libs", "mod_wsgictl.so"))
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("LoadModule wsgictl_module %q\n", s.Write("mod_wsgictl.so", string(module)))
}
