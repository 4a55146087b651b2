package cli

import (
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/needtest"
)

// Each command, hanging in a file, a child, a server, a lock, or because nobody
// reads what it writes.
var hangs = []struct {
	command string
	hang    func(*testHost) hang
}{
	{"wsgictl detect --httpd", func(h *testHost) hang { return h.asleep(h.sleeper("apache2")) }},
	{"wsgictl detect --python", func(h *testHost) hang { return h.asleep(h.sleeper("python")) }},
	{"wsgictl install-module --venv", func(h *testHost) hang { return h.asksSilentIndex(h.venv("venv")) }},
	{"wsgictl install-module --dry-run --venv", func(h *testHost) hang { return h.asksSilentIndex(h.venv("venv")) }},
	{"wsgictl install-module --no-cache --venv", func(h *testHost) hang {
		hung := h.asleep(h.venv("venv"), "--source", h.source())
		hung.environment = []string{"CC=" + h.sleepingCompiler()}
		return hung
	}},
	{"wsgictl module-config --venv", func(h *testHost) hang { return h.unread(h.venv("venv")) }},
	{"wsgictl module-location --venv", func(h *testHost) hang { return h.unread(h.venv("venv")) }},
	{"wsgictl render daemon shop", func(h *testHost) hang { return h.asleepOnPath() }},
	{"wsgictl render site shop --server-name shop.example.org", func(h *testHost) hang { return h.asleepOnPath() }},
	{"wsgictl render limits", func(h *testHost) hang { return h.asleepOnPath() }},

	{"wsgictl bootstrap --httpd", func(h *testHost) hang { return h.asleep(h.sleeper("apache2")) }},
	{"wsgictl bootstrap --start --file", func(h *testHost) hang {
		return h.asksSilentIndex(h.path("wsgictl.toml"), append(h.apache(), "--venv", h.venv("venv"), "--script", h.write("wsgi.py", ""))...)
	}},
	{"wsgictl init --file", func(h *testHost) hang {
		return h.unread(h.path("wsgictl.toml"), "--venv", h.venv("venv"), "--script", h.write("wsgi.py", ""))
	}},
	{"wsgictl plan --file", func(h *testHost) hang { return h.asleep(h.write("wsgictl.toml", ""), "--httpd", h.sleeper("apache2")) }},
	{"wsgictl apply --file", func(h *testHost) hang { return h.asleep(h.write("wsgictl.toml", ""), "--httpd", h.sleeper("apache2")) }},
	{"wsgictl apply --file", func(h *testHost) hang { return h.locked(h.write("wsgictl.toml", "")) }},
	{"wsgictl status --httpd", func(h *testHost) hang { return h.asleep(h.sleeper("apache2")) }},
	{"wsgictl remove shop", func(h *testHost) hang { return h.locked() }},
	{"wsgictl rollback", func(h *testHost) hang { return h.locked() }},
	{"wsgictl history --httpd", func(h *testHost) hang { return h.asleep(h.sleeper("apache2")) }},

	{"wsgictl effective", func(h *testHost) hang { return h.reading() }},
	{"wsgictl explain", func(h *testHost) hang { return h.reading() }},
	{"wsgictl explain", func(h *testHost) hang { return h.opening() }},
	{"wsgictl audit", func(h *testHost) hang { return h.reading() }},
	{"wsgictl audit --fix", func(h *testHost) hang { return h.asleepOnPath(h.server()) }},
	{"wsgictl rules", func(h *testHost) hang { return h.unread() }},

	{"wsgictl setup-server --user nobody --venv", func(h *testHost) hang { return h.serving() }},
	{"wsgictl start-server --user nobody --venv", func(h *testHost) hang { return h.serving() }},
	{"wsgictl graceful-restart --httpd /usr/sbin/apache2 --pid-file", func(h *testHost) hang { return h.unread(h.path("pid")) }},
	{"wsgictl deploy --list shop --file", func(h *testHost) hang { return h.unread(h.deployed()) }},
	{"wsgictl restart --config", func(h *testHost) hang { return h.reading() }},
	{"wsgictl ready-script /srv/wsgi.py", func(h *testHost) hang { return h.unread() }},
	{"wsgictl telemetry-script", func(h *testHost) hang { return h.unread() }},
	{"wsgictl monitor", func(h *testHost) hang { return h.unread() }},
	{"wsgictl top --url", func(h *testHost) hang { return h.asksSilentMonitor() }},
	{"wsgictl stuck --url", func(h *testHost) hang { return h.asksSilentMonitor() }},
	{"wsgictl recordings --directory", func(h *testHost) hang { return h.unread(h.recording()) }},
	{"wsgictl completion bash", func(h *testHost) hang { return h.unread() }},
	{"wsgictl version", func(h *testHost) hang { return h.unread() }},

	{"mod_wsgi-express install-module", func(h *testHost) hang { return h.unread() }},
	{"mod_wsgi-express module-config", func(h *testHost) hang { return h.unread() }},
	{"mod_wsgi-express module-location", func(h *testHost) hang { return h.unread() }},
	{"mod_wsgi-express setup-server --user nobody --venv", func(h *testHost) hang { return h.serving() }},
	{"mod_wsgi-express start-server --user nobody --venv", func(h *testHost) hang { return h.serving() }},
}

// TestFirstSignalEndsEveryCommand by its own action, with all that the command
// has started, and without scratch files.
func TestFirstSignalEndsEveryCommand(t *testing.T) {
	t.Parallel()
	httpdtest.ShareSystem(t)
	names := []string{}
	for _, row := range hangs {
		names = append(names, row.command)
		for _, sent := range []syscall.Signal{unix.SIGTERM, unix.SIGINT} {
			t.Run(fmt.Sprint(row.command, " ", sent), func(t *testing.T) {
				t.Parallel()
				h := newTestHost(t)
				command := h.begin(row.command, row.hang(h))
				children := descendantsOf(t, command.Process.Pid)
				if err := command.Process.Signal(sent); err != nil {
					t.Fatal(err)
				}
				if by := signalThatEnded(t, command); by != sent {
					t.Errorf("ended by %v", by)
				}
				for _, pid := range children {
					await(t, fmt.Sprintf("process %d, which it started, ends", pid), func() bool { return isGone(pid) })
				}
				left, err := filepath.Glob(h.path("tmp/*"))
				if stages, _ := filepath.Glob(h.path("state/stage-*")); err != nil || len(left)+len(stages) > 0 {
					t.Errorf("left behind: %v %v, error %v", left, stages, err)
				}
			})
		}
	}
	wantsEvery(t, names)
}

// What nohup and a shell's "&" ask for.
func TestIgnoredSignals(t *testing.T) {
	t.Parallel()
	log := newTestHost(t).pipe("error.log")
	for _, test := range []struct {
		ignored string
		sent    []syscall.Signal
		want    string
	}{
		{"", []syscall.Signal{unix.SIGHUP}, "signal: hangup"},
		{"HUP", []syscall.Signal{unix.SIGHUP, unix.SIGTERM}, "signal: terminated"},
		{"INT", []syscall.Signal{unix.SIGINT}, "exit status 130"},
	} {
		if test.ignored == "" && signal.Ignored(test.sent[0]) {
			continue // by whoever started the tests, and no shell takes that back
		}
		command := process("wsgictl", "explain", log)
		command.Args = append([]string{"sh", "-c", `trap "" ` + test.ignored + `; exec "$0" "$@"`, command.Path}, command.Args[1:]...)
		command.Path = "/bin/sh"
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		await(t, "it opens the pipe", func() bool { return opensPipe(command.Process.Pid) })
		for _, sent := range test.sent {
			if err := command.Process.Signal(sent); err != nil {
				t.Fatal(err)
			}
		}
		if err := command.Wait(); fmt.Sprint(err) != test.want {
			t.Errorf("%s ignored, %v sent: %v, want %s", test.ignored, test.sent, err, test.want)
		}
	}
}

// The default action of a signal does nothing to the first process of a
// container.
func TestSignalEndsTheFirstProcessOfAContainer(t *testing.T) {
	t.Parallel()
	needtest.Root(t)
	command := process("wsgictl", "explain", newTestHost(t).pipe("error.log"))
	command.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWPID}
	if err := command.Start(); err != nil {
		needtest.Missing(t, "no namespace of processes: %v", err)
	}
	await(t, "it opens the pipe", func() bool { return opensPipe(command.Process.Pid) })
	if err := command.Process.Signal(unix.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := command.Wait(); fmt.Sprint(err) != "exit status 143" {
		t.Errorf("ended with %v", err)
	}
}

// A signal while the fixed configuration is tested has all files put back.
func TestSignalPutsFixesBack(t *testing.T) {
	t.Parallel()
	for _, sent := range []syscall.Signal{unix.SIGTERM, unix.SIGINT} {
		h := newTestHost(t)
		config := h.server()
		before := stateOf(t, config)
		// It is the real one until there is a request-timeout in the file.
		httpd := h.script("bin/apache2", fmt.Sprintf(`case " $* " in *" -t "*) grep -q request-timeout '%s' ;; *) false ;; esac || exec '%s' "$@"`, config, httpdtest.Program(t)))
		hung := h.asleep("--unsafe-fixes", config)
		hung.environment = []string{"PATH=" + filepath.Dir(httpd) + ":" + os.Getenv("PATH")}
		command := h.begin("wsgictl audit --fix", hung)
		if stateOf(t, config) == before {
			t.Error("nothing was written yet")
		}
		children := descendantsOf(t, command.Process.Pid)
		if err := command.Process.Signal(sent); err != nil {
			t.Fatal(err)
		}
		if by := signalThatEnded(t, command); by != sent {
			t.Errorf("ended by %v", by)
		}
		for _, pid := range children {
			await(t, fmt.Sprintf("process %d, which it started, ends", pid), func() bool { return isGone(pid) })
		}
		if diff := cmp.Diff(before, stateOf(t, config)); diff != "" {
			t.Errorf("the file (-before +after):\n%s", diff)
		}
		said, err := os.ReadFile(h.path("output"))
		if want := "wsgictl: stopped by " + unix.SignalName(sent) + ": not all could be looked at\nall was put back as it was before"; err != nil || !strings.Contains(string(said), want) {
			t.Errorf("error %v, it does not say %q:\n%s", err, want, said)
		}
	}
}
