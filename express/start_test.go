//go:build linux

package express_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/express"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/trust"
)

// TestMain lets this program be start-server, for the tests of how it starts.
func TestMain(m *testing.M) {
	trust.Become()
	if os.Getenv("EXPRESS_TEST_VERB") == "" {
		os.Exit(m.Run())
	}
	code, err := start(os.Getenv("EXPRESS_TEST_VERB"), os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(99)
	}
	os.Exit(code)
}

func start(verb string, args []string) (int, error) {
	command, err := express.Parse(args, os.LookupEnv)
	if err != nil {
		return 0, err
	}
	caller, err := express.CurrentCaller(verb)
	if err != nil {
		return 0, err
	}
	setup, err := express.Plan(context.Background(), command, caller)
	if err != nil {
		return 0, err
	}
	if err := setup.Write(context.Background()); err != nil || !setup.Starts() {
		return 0, err
	}
	return setup.Start(context.Background())
}

// startServer prepares a start-server of the application as a process.
func (a *application) startServer(t *testing.T, args ...string) *running {
	t.Helper()
	r := a.prepare(t, "hello.wsgi") // for the port
	if err := os.RemoveAll(r.Root); err != nil {
		t.Fatal(err)
	}
	words := append(a.account(), "--venv", a.Venv, "--server-root", a.Root, "--host", "127.0.0.1", "--port", strconv.Itoa(r.Port), "hello.wsgi")
	r.process = exec.Command(os.Args[0], append(words, args...)...)
	r.process.Env = append(os.Environ(), "EXPRESS_TEST_VERB=start-server")
	r.process.Dir = a.Dir
	r.process.Stdout, r.process.Stderr = &r.output, &r.output
	return r
}

// commandOf is what a process runs.
func commandOf(pid int) string {
	text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	return strings.ReplaceAll(string(text), "\x00", " ")
}

func TestStartBecomesApacheWithoutTerminal(t *testing.T) {
	t.Parallel()
	r := newApplication(t, "6.1.1").startServer(t, "--log-to-terminal", "--log-level", "info")
	r.run()
	if command := commandOf(r.process.Process.Pid); !strings.Contains(command, "(mod_wsgi-express)") {
		t.Errorf("process is %q, not Apache", command)
	}
	r.wants(r.get("/"), 200, "Hello")
	r.stop()
	if !strings.Contains(r.output.String(), "resuming normal operations") {
		t.Errorf("the log is not on the terminal:\n%s", &r.output)
	}
}

// TestStartLogsWhereOutputCannotBeOpened: as below a supervisor, stdout is a
// socket, which has no name to open.
func TestStartLogsWhereOutputCannotBeOpened(t *testing.T) {
	t.Parallel()
	ends, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	near, far := os.NewFile(uintptr(ends[0]), "near"), os.NewFile(uintptr(ends[1]), "far")
	defer near.Close()
	r := newApplication(t, "6.1.1").startServer(t, "--log-to-terminal", "--access-log")
	r.process.Stdout, r.process.Stderr = far, far
	r.run()
	if err := far.Close(); err != nil {
		t.Fatal(err)
	}
	r.wants(r.get("/seen"), 200, "Hello")
	if err := near.SetReadDeadline(time.Now().Add(limit)); err != nil {
		needtest.Missing(t, "no deadline for sockets: %v", err)
	}
	var seen strings.Builder
	buffer := make([]byte, 4096)
	for !strings.Contains(seen.String(), "GET /seen") || !strings.Contains(seen.String(), "resuming normal operations") {
		n, err := near.Read(buffer)
		seen.Write(buffer[:n])
		if err != nil {
			t.Fatalf("%v; logged:\n%s", err, &seen)
		}
	}
}

func TestStartWaitsForApacheOnTerminal(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		signal syscall.Signal
		ends   bool
		shows  string // in the error log
	}{
		{"INT stops", syscall.SIGINT, true, "shutting down"},
		{"TERM stops", syscall.SIGTERM, true, "shutting down"},
		{"HUP restarts", syscall.SIGHUP, false, "SIGHUP received"},
		{"USR1 restarts gracefully", syscall.SIGUSR1, false, "SIGUSR1 received"},
		{"resizing does nothing", syscall.SIGWINCH, false, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := newApplication(t, "6.1.1").startServer(t)
			terminal := r.onTerminal(t)
			if command := commandOf(r.process.Process.Pid); strings.Contains(command, "(mod_wsgi-express)") {
				t.Fatalf("process is %q, and not waiting for Apache", command)
			}
			r.await("Apache is ready for signals", func() bool { return strings.Contains(r.log(), "resuming normal operations") })
			if test.signal == syscall.SIGWINCH {
				if err := unix.IoctlSetWinsize(int(terminal.file.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 10, Col: 40}); err != nil {
					t.Fatal(err)
				}
			}
			if err := r.process.Process.Signal(test.signal); err != nil {
				t.Fatal(err)
			}
			r.await("the log tells of the signal", func() bool { return strings.Contains(r.log(), test.shows) })
			if test.ends {
				if err := <-r.exited; err != nil {
					t.Errorf("exit code: %v", err)
				}
				r.exited <- nil
				return
			}
			// mod_wsgi closes its socket for some milliseconds in a restart.
			r.await("the application answers", func() bool { return r.answers("/") })
			if strings.Contains(r.log(), "shutting down") {
				t.Errorf("Apache stopped:\n%s", r.log())
			}
		})
	}
}

func TestStartPassesOnExitCode(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	a.write(t, "more.conf", "NoSuchDirective\n")
	for _, onTerminal := range []bool{false, true} {
		r := a.startServer(t, "--include-file", "more.conf")
		if onTerminal {
			_, far := openTerminal(t)
			httpdtest.AttachTerminal(r.process, far)
		}
		var exit *exec.ExitError
		if err := r.process.Run(); !errors.As(err, &exit) || exit.ExitCode() != 1 {
			t.Errorf("terminal %v: %v, want exit status 1", onTerminal, err)
		}
	}
}

func TestSetupOnlyDoesNotStart(t *testing.T) {
	t.Parallel()
	r := newApplication(t, "6.1.1").startServer(t, "--setup-only")
	if err := r.process.Run(); err != nil {
		t.Fatalf("%v\n%s", err, &r.output)
	}
	if _, err := os.Stat(filepath.Join(r.Root, "httpd.conf")); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(r.Root, "httpd.pid")); err == nil {
		t.Error("Apache was started")
	}
}

func TestControlScriptIsPlainShell(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	r := a.prepare(t, "hello.wsgi", "--shell-executable", "/bin/sh", "--server-status")
	control := filepath.Join(r.Root, "apachectl")
	a.write(t, "../root/envvars", "COLOUR='sky blue'; export COLOUR\n")
	if output := run(t, control, "configtest"); !strings.Contains(output, "Syntax OK") {
		t.Errorf("configtest says %q", output)
	}
	var exit *exec.ExitError
	if err := exec.Command(control, "status").Run(); !errors.As(err, &exit) || exit.ExitCode() != 3 {
		t.Errorf("status of a stopped server: %v, want exit status 3", err)
	}
	a.write(t, "urllib/__init__.py", "raise SystemExit('code of the application, whose owner is not who asks for the status')\n")
	run(t, control, "start")
	t.Cleanup(func() { _ = exec.Command(control, "stop").Run() })
	r.await("the server answers", func() bool {
		output, err := exec.Command(control, "status").CombinedOutput()
		return err == nil && strings.Contains(string(output), "ServerMPM: worker")
	})
	r.wants(r.get("/"), 200, "os.COLOUR=sky blue\n")
	before := r.pid()
	run(t, control, "reload")
	for again := before; again == before; again = r.pid() { // each of these requests must be served
	}
	before = r.pid()
	run(t, control, "graceful")
	r.await("another process answers", func() bool { return r.answersAnew(before) })
	run(t, control, "graceful-stop")
	r.await("the server is gone", func() bool { _, err := os.Stat(filepath.Join(r.Root, "httpd.pid")); return err != nil })
}

// TestUnitIsGood lets systemd itself read the unit.
func TestUnitIsGood(t *testing.T) {
	t.Parallel()
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		needtest.Missing(t, "%v", err)
	}
	a := newApplication(t, "6.1.1")
	for _, root := range []string{a.Root, filepath.Join(a.Dir, "50% off", "root")} {
		setup := a.plan(t, []string{"--systemd-unit", "--server-root", root})
		if err := setup.Write(context.Background()); err != nil {
			t.Fatal(err)
		}
		unit := filepath.Join(root, filepath.Base(root)+".service")
		if output := run(t, analyze, "verify", unit); strings.Contains(output, filepath.Base(root)) {
			t.Errorf("%s", output)
		}
	}
}
