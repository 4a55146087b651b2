package installed

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/trust"
)

// run starts a program by a name and with arguments of one's choice, and gives
// what ends it.
func run(t *testing.T, program string, words ...string) *exec.Cmd {
	t.Helper()
	command := exec.Command(program)
	command.Args = words
	stdin, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stdin.Close(); _ = command.Process.Kill(); _ = command.Wait() })
	for t.Context().Err() == nil { // the kernel shows no arguments until the program is loaded
		if text, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", command.Process.Pid)); err != nil || len(text) > 0 {
			break
		}
	}
	return command
}

func write(t *testing.T, path string, content []byte, mode os.FileMode) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

// copyOf is a program that waits for its input to end, by the name of another.
// Another process writes it: what this one has open for writing, processes
// started meanwhile have too, and nothing that is open for writing can be run.
func copyOf(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if output, err := exec.Command("cp", "/bin/cat", path).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return path
}

func TestTheProcessOfAPidFileIsProven(t *testing.T) {
	t.Parallel()
	httpd, other, cat := copyOf(t, "httpd"), copyOf(t, "httpd"), copyOf(t, "cat")
	config := write(t, filepath.Join(t.TempDir(), "httpd.conf"), nil, 0o644)
	for _, test := range []struct {
		name, program, words string // the words stand behind the name of the process
		want                 Instance
		refused              string
	}{
		{"httpd", httpd, "httpd", Instance{Program: httpd}, ""},
		{"any httpd", httpd, "(a-name)", Instance{}, ""},
		{"by a link", httpd, "httpd", Instance{Program: link(t, httpd)}, ""},
		{"of this configuration", httpd, "httpd -f " + config, Instance{Program: httpd, ConfigFile: link(t, config)}, ""},
		{"another program", cat, "httpd", Instance{}, "which runs " + cat + ", so that it is no httpd"},
		{"another program, in words httpd", cat, httpd, Instance{Program: httpd}, "which runs " + cat + " and not " + httpd},
		{"another httpd", other, "httpd", Instance{Program: httpd}, "which runs " + other + " and not " + httpd},
		{"another configuration", httpd, "httpd -f /dev/null", Instance{Program: httpd, ConfigFile: config}, "which was started with the configuration /dev/null and not with " + config},
		{"in one word", httpd, "httpd -f/dev/null", Instance{ConfigFile: config}, "configuration /dev/null"},
		{"another server root", httpd, "httpd -d /dev -f null", Instance{ServerRoot: "/etc", ConfigFile: "/dev/null"}, "server root /dev and not with /etc"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			words := strings.Fields(test.words)
			command := run(t, test.program, append([]string{words[0], "--", "-"}, words[1:]...)...) // cat reads "-" first
			test.want.PIDFile = write(t, filepath.Join(t.TempDir(), "pid"), fmt.Appendln(nil, command.Process.Pid), 0o644)
			test.want.Trusted = trust.Everyone()
			process, err := test.want.Process()
			switch {
			case test.refused == "" && (err != nil || process.PID != command.Process.Pid || !process.IsRunning()):
				t.Errorf("process %d, error %v; want %d", process.PID, err, command.Process.Pid)
			case test.refused != "" && (err == nil || !strings.Contains(err.Error(), test.refused) || process.PID != 0):
				t.Errorf("process %d, error %v; want %s", process.PID, err, test.refused)
			}
		})
	}
}

func link(t *testing.T, target string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(target, name); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestAProcessThatIsNoMoreIsNotSignalled(t *testing.T) {
	t.Parallel()
	command := run(t, "/bin/cat", "cat")
	p, ok := ReadProcess("", command.Process.Pid)
	if !ok || !p.IsRunning() {
		t.Fatalf("%+v", p)
	}
	later := p
	later.Started = "1" // of the number, at another time
	if err := later.Signal(syscall.SIGTERM); err == nil || later.IsRunning() {
		t.Errorf("another process of the number was signalled: %v", err)
	}
	if err := p.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if err := unix.Waitid(unix.P_PID, p.PID, nil, unix.WEXITED|unix.WNOWAIT, nil); err != nil {
		t.Fatal(err)
	}
	if now, ok := ReadProcess("", p.PID); !ok || !now.IsZombie() {
		t.Errorf("nobody has asked about it: %+v", now)
	}
	i := Instance{PIDFile: write(t, filepath.Join(t.TempDir(), "pid"), fmt.Appendln(nil, p.PID), 0o644), Trusted: trust.Everyone()}
	var stopped *NotRunning
	if _, err := i.Process(); !errors.As(err, &stopped) || !stopped.Ended {
		t.Errorf("error %v, want that it has ended", err)
	}
	_ = command.Wait()
	if _, err := i.Process(); !errors.As(err, &stopped) || !stopped.Ended {
		t.Errorf("error %v, want that it has ended", err)
	}
}

func TestAPidFileThatNamesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{"empty": "", "word": "none\n", "init": "1\n", "group": "-4\n", "all": "0\n"} {
		i := Instance{PIDFile: write(t, filepath.Join(dir, name), []byte(text), 0o644), Trusted: trust.Everyone()}
		if _, err := i.Process(); err == nil || !strings.HasSuffix(err.Error(), name+" holds no pid") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := (Instance{PIDFile: dir + "/gone", Trusted: trust.Everyone()}).Process(); err == nil || err.Error() != "there is no pid file "+dir+"/gone" {
		t.Error(err)
	}
}

func TestRootBelievesNoPidFileOfOthers(t *testing.T) {
	t.Parallel()
	needtest.Root(t) // who alone asks whose a file is
	httpd := copyOf(t, "httpd")
	command := run(t, httpd, "httpd")
	pidFile := write(t, filepath.Join(t.TempDir(), "pid"), fmt.Appendln(nil, command.Process.Pid), 0o644)
	if err := os.Chown(pidFile, 65534, 65534); err != nil {
		t.Fatal(err)
	}
	i := Instance{Program: httpd, PIDFile: pidFile, Trusted: trust.Deciders()}
	if _, err := i.Process(); err == nil || !strings.Contains(err.Error(), "belongs to nobody") {
		t.Errorf("error %v", err)
	}
}
