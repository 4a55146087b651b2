package system

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/store"
)

// The whole way by the command line, on the system's own Apache: run as root
// with WSGICTL_TEST_SYSTEM set, where no Apache serves anything. What was
// there is there again at the end, byte for byte.
func TestCommandsOnTheSystemsApache(t *testing.T) {
	s := newSystemApache(t)
	s.run(0, "init", "--venv", "venv", "--server-name", "wsgictl.example.org", "--name", "wsgictl-test")
	s.run(3, "plan")
	s.run(1, "apply", "--yes") // Apache does not run
	s.run(0, "apply", "--yes", "--start")
	s.expect("wsgictl-test of 6.1.1")
	s.run(0, "status")

	written := []string{debianRoot, "/var/lib/apache2", "/usr/lib/apache2/modules", filepath.Join(s.state, "generations"), filepath.Join(s.state, "objects")}
	before := readFolders(t, written)
	reloads := s.reloads()
	s.run(0, "apply", "--yes")
	if diff := cmp.Diff(before, readFolders(t, written)); diff != "" || s.reloads() != reloads {
		t.Errorf("an apply that changes nothing reloads %d times and writes (-before +after):\n%s", s.reloads()-reloads, diff)
	}
	for n := range 5 {
		s.edit(fmt.Sprintf("processes = %d", 2+n%2))
		s.killed("apply", "--yes")
		s.configTest()
		s.run(0, "history")
		s.expect("wsgictl-test of 6.1.1")
	}
	s.edit("no-such-option = 1")
	s.run(2, "plan")
	s.edit("processes = 1")
	s.run(0, "apply", "--yes")
	s.edit(`user = "wsgictl-test"`)
	s.run(1, "apply", "--yes") // there is no such account
	s.run(0, "apply", "--yes", "--create-user")
	s.expect("wsgictl-test of 6.1.1")
	s.edit("processes = 3")
	s.breakApplication()
	s.run(1, "apply", "--yes", "--health-limit", "10")
	s.fixApplication()
	s.run(0, "apply", "--yes")
	s.expect("wsgictl-test of 6.1.1")
	s.run(0, "rollback", "--yes")
	s.expect("wsgictl-test of 6.1.1")
	s.run(0, "remove", "wsgictl-test", "--yes")
}

// A bootstrap that fails leaves nothing of what it made.
func TestBootstrapThatFailsLeavesTheSystemAsItWas(t *testing.T) {
	s := newSystemApache(t)
	modules, err := filepath.Glob(filepath.Join(s.project, "venv/lib/python3.*/site-packages/mod_wsgi"))
	if err != nil || len(modules) != 1 {
		t.Fatalf("modules %v, error %v", modules, err)
	}
	os.RemoveAll(modules[0])
	s.breakApplication()
	before := readFolders(t, []string{s.project})
	output := s.run(1, "bootstrap", "--yes", "--start", "--health-limit", "10", "--venv", "venv", "--script", "wsgi.py",
		"--server-name", "wsgictl.example.org", "--name", "wsgictl-test", "--source", httpdtest.Archive(t, "6.1.1").Path)
	for _, want := range []string{"Undone, since it was made for this: mod_wsgi in " + s.project + "/venv, " + s.project + "/wsgictl.toml.\n", "nothing_of_that_name"} {
		if !strings.Contains(output, want) {
			t.Errorf("does not say %q:\n%s", want, output)
		}
	}
	if diff := cmp.Diff(before, readFolders(t, []string{s.project})); diff != "" {
		t.Errorf("the project is another one (-before +after):\n%s", diff)
	}
	s.configTest()
}

// A systemApache is the system's own, and a project to be served by it.
type systemApache struct {
	t       *testing.T
	command string // the wsgictl under test
	project string
	state   string
}

func newSystemApache(t *testing.T) *systemApache {
	t.Helper()
	needtest.Asked(t, "WSGICTL_TEST_SYSTEM") // to change the system's Apache
	needtest.Root(t)
	httpdtest.LockSystem(t)
	if listener, err := net.Listen("tcp", ":80"); err != nil {
		needtest.Missing(t, "something serves already: %v", err)
	} else {
		listener.Close()
	}
	keepTrees(t, debianRoot, "/var/lib/apache2", "/usr/lib/apache2/modules")
	dir, err := os.MkdirTemp("", "wsgictl-real-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	os.Chmod(dir, 0o755)
	s := &systemApache{t: t, command: filepath.Join(dir, "wsgictl"), project: filepath.Join(dir, "project"), state: filepath.Join(dir, "state")}
	s.must("go", "build", "-o", s.command, "github.com/wsgictl/wsgictl/cmd/wsgictl")
	s.makeProject()
	t.Cleanup(func() {
		s.must("/usr/sbin/apache2ctl", "stop")
		exec.Command("userdel", "--force", "wsgictl-test").Run() // though a process of it is about to end
		logs, _ := filepath.Glob("/var/log/apache2/wsgictl-test-*.log")
		for _, log := range logs {
			os.Remove(log)
		}
	})
	return s
}

// keepTrees puts back at the end whatever is no longer as it is now, which is
// an error.
func keepTrees(t *testing.T, folders ...string) {
	t.Helper()
	archive := filepath.Join(t.TempDir(), "before.tar")
	if output, err := exec.Command("tar", append([]string{"-cPf", archive}, folders...)...).CombinedOutput(); err != nil {
		t.Fatalf("tar: %v\n%s", err, output)
	}
	before := readFolders(t, folders)
	t.Cleanup(func() {
		if diff := cmp.Diff(before, readFolders(t, folders)); diff != "" {
			t.Errorf("the system's Apache is another one (-before +after):\n%s", diff)
			for path := range readFolders(t, folders) {
				if _, was := before[path]; !was {
					os.RemoveAll(path)
				}
			}
			if output, err := exec.Command("tar", "-xPf", archive).CombinedOutput(); err != nil {
				t.Errorf("put it back: %v\n%s", err, output)
			}
		}
	})
}

func readFolders(t testing.TB, folders []string) map[string]store.PathState {
	t.Helper()
	all := map[string]store.PathState{}
	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, _ os.DirEntry, err error) error {
			if err != nil {
				return err
			}
			entry, err := store.Read(path)
			all[path] = entry
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func (s *systemApache) must(words ...string) {
	s.t.Helper()
	if output, err := exec.Command(words[0], words[1:]...).CombinedOutput(); err != nil {
		s.t.Fatalf("%s: %v\n%s", strings.Join(words, " "), err, output)
	}
}

func (s *systemApache) makeProject() {
	s.must("/usr/bin/python3", "-m", "venv", "--without-pip", filepath.Join(s.project, "venv"))
	module, err := os.ReadFile(httpdtest.Module(s.t, "6.1.1"))
	if err != nil {
		s.t.Fatal(err)
	}
	places, err := filepath.Glob(filepath.Join(s.project, "venv/lib/python3.*/site-packages"))
	if err != nil || len(places) != 1 {
		s.t.Fatalf("site-packages: %v, error %v", places, err)
	}
	s.write(filepath.Join(places[0], "mod_wsgi/server/mod_wsgi-py311.cpython-311-x86_64-linux-gnu.so"), string(module))
	s.fixApplication()
}

func (s *systemApache) write(path, text string) {
	s.t.Helper()
	os.MkdirAll(filepath.Dir(path), 0o755)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		s.t.Fatal(err)
	}
}

func (s *systemApache) fixApplication() {
	s.write(filepath.Join(s.project, "wsgi.py"), `def application(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [(environ['mod_wsgi.process_group'] + ' of ' + '.'.join(map(str, environ['mod_wsgi.version']))).encode()]
`)
}

func (s *systemApache) breakApplication() {
	s.write(filepath.Join(s.project, "wsgi.py"), "import nothing_of_that_name\n")
}

// reloads is how often Apache was reloaded since its log began.
func (s *systemApache) reloads() int {
	s.t.Helper()
	text, err := os.ReadFile("/var/log/apache2/error.log")
	if err != nil {
		s.t.Fatal(err)
	}
	return strings.Count(string(text), "Doing graceful restart")
}

// edit gives the daemon one more setting, in the place of the last one.
func (s *systemApache) edit(setting string) {
	s.t.Helper()
	path := filepath.Join(s.project, "wsgictl.toml")
	text, err := os.ReadFile(path)
	if err != nil {
		s.t.Fatal(err)
	}
	before, after, _ := strings.Cut(string(text), "[daemon.wsgictl-test]\n")
	if _, rest, edited := strings.Cut(after, " # edited\n"); edited {
		after = rest
	}
	s.write(path, before+"[daemon.wsgictl-test]\n"+setting+" # edited\n"+after)
}

func (s *systemApache) process(args ...string) *exec.Cmd {
	command := exec.Command(s.command, args...)
	if args[0] != "init" {
		command.Args = append(command.Args, "--state", s.state)
	}
	command.Dir = s.project
	return command
}

// run expects an exit code of a command, and gives what it printed.
func (s *systemApache) run(want int, args ...string) string {
	s.t.Helper()
	output, err := s.process(args...).CombinedOutput()
	got := 0
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		s.t.Fatal(err)
	}
	if got != want {
		s.t.Errorf("wsgictl %s: exit code %d, want %d\n%s", strings.Join(args, " "), got, want, output)
	}
	return string(output)
}

// killed starts a command and kills it soon.
func (s *systemApache) killed(args ...string) {
	s.t.Helper()
	command := s.process(args...)
	if err := command.Start(); err != nil {
		s.t.Fatal(err)
	}
	time.Sleep(200*time.Millisecond + time.Duration(rand.IntN(1000))*time.Millisecond)
	command.Process.Kill()
	command.Wait()
}

func (s *systemApache) configTest() {
	s.t.Helper()
	if output, err := exec.Command("/usr/sbin/apache2ctl", "configtest").CombinedOutput(); err != nil {
		s.t.Errorf("configtest: %v\n%s", err, output)
	}
}

// expect asks the site for its answer, for as long as a reload that was just
// asked for may take.
func (s *systemApache) expect(want string) {
	s.t.Helper()
	got := ""
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if got = s.get(); got == want {
			return
		}
	}
	s.t.Errorf("the site answers %q, want %q", got, want)
}

func (s *systemApache) get() string {
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "http://127.0.0.1/", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	request.Host = "wsgictl.example.org"
	response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(request)
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err.Error()
	}
	return string(bytes.TrimSpace(body))
}
