package cli

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// A hang is what keeps a command from its end, and how to see that it has come
// that far.
type hang struct {
	words         []string // behind those of the row
	input, output *os.File // of the process
	environment   []string
	reached       func(pid int) bool
}

// begin starts a command, and waits until it hangs.
func (h *testHost) begin(command string, hung hang) *exec.Cmd {
	h.t.Helper()
	if err := os.Mkdir(h.path("tmp"), 0o755); err != nil {
		h.t.Fatal(err)
	}
	started := process(append(strings.Fields(command), hung.words...)...)
	started.Dir = h.dir
	started.Env = append(append(started.Env, "TMPDIR="+h.path("tmp")), hung.environment...)
	if hung.input != nil {
		started.Stdin = hung.input
	}
	output := hung.output
	if output == nil {
		var err error
		if output, err = os.Create(h.path("output")); err != nil {
			h.t.Fatal(err)
		}
		defer output.Close()
	}
	started.Stdout, started.Stderr = output, output
	if err := started.Start(); err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = started.Process.Kill() }) // it has ended, unless the test has failed
	await(h.t, command+" hangs", func() bool { return isGone(started.Process.Pid) || hung.reached(started.Process.Pid) })
	if isGone(started.Process.Pid) {
		said, _ := os.ReadFile(h.path("output"))
		h.t.Fatalf("%s does not hang:\n%s", command, said)
	}
	return started
}

// signalThatEnded waits for the end; 0 is that it was none.
func signalThatEnded(t *testing.T, command *exec.Cmd) syscall.Signal {
	t.Helper()
	hanging := time.AfterFunc(time.Minute, func() { _ = command.Process.Kill() })
	defer hanging.Stop()
	var exit *exec.ExitError
	if err := command.Wait(); !errors.As(err, &exit) {
		t.Errorf("ended with %v", err)
		return 0
	}
	if status := exit.Sys().(syscall.WaitStatus); status.Signaled() {
		return status.Signal()
	}
	t.Errorf("ended with %v", exit)
	return 0
}

// asleep is a command whose child sleeps.
func (h *testHost) asleep(words ...string) hang {
	return hang{words: words, reached: func(int) bool {
		_, err := os.Stat(h.path("asleep/now"))
		return err == nil
	}}
}

// sleeper is a program that tells that it was started, and sleeps in a child of
// its own.
func (h *testHost) sleeper(name string) string { return h.script(name, "") }

// sleepingCompiler tells its version, and compiles nothing.
func (h *testHost) sleepingCompiler() string {
	return h.script("slowcc", `[ "$1" = --version ] && exec cc --version`)
}

func (h *testHost) script(name, first string) (path string) {
	h.t.Helper()
	path = h.write(name, fmt.Sprintf("#!/bin/sh\n%s\ntouch '%s'\nsleep 600\nexit 0\n", first, h.path("asleep/now")))
	if err := errors.Join(os.Mkdir(h.path("asleep"), 0o755), os.Chmod(h.path("asleep"), 0o777), os.Chmod(path, 0o755)); err != nil { // for other accounts
		h.t.Fatal(err)
	}
	return path
}

// asleepOnPath finds a sleeping Apache first.
func (h *testHost) asleepOnPath(words ...string) hang {
	hung := h.asleep(words...)
	hung.environment = []string{"PATH=" + filepath.Dir(h.sleeper("bin/apache2")) + ":" + os.Getenv("PATH")}
	return hung
}

// server is the configuration of a whole server, in which there is something to
// fix.
func (h *testHost) server() (path string) {
	h.t.Helper()
	s := httpdtest.New(h.t)
	return s.Write("httpd.conf", s.Base()+s.LoadModule("6.1.1")+"WSGIDaemonProcess shop user=daemon\nWSGIScriptAlias / /srv/shop.wsgi process-group=shop\n")
}

// serving has a virtualenv whose Python sleeps when it is asked for the
// application.
func (h *testHost) serving() hang {
	h.t.Helper()
	venv := h.venvWithModule("venv")
	h.sleeper("venv/bin/python")
	h.write("app.py", "from flask import Flask\napp = Flask(__name__)\n")
	return h.asleep(venv, "--server-root", h.path("root"), "--port", "8765")
}

// asksSilentIndex asks an index that takes connections and answers none.
func (h *testHost) asksSilentIndex(word string, words ...string) hang {
	h.t.Helper()
	url, reached := h.silentServer()
	return hang{
		words:       append([]string{word}, words...),
		environment: []string{"PIP_CONFIG_FILE=/dev/null", "PIP_INDEX_URL=" + url},
		reached:     reached,
	}
}

// asksSilentMonitor asks a monitor that takes connections and answers none.
func (h *testHost) asksSilentMonitor() hang {
	h.t.Helper()
	url, reached := h.silentServer()
	return hang{words: []string{url}, reached: reached}
}

// silentServer takes connections and answers none; reached tells when it was asked.
func (h *testHost) silentServer() (url string, reached func(pid int) bool) {
	h.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		h.t.Fatal(err)
	}
	asked := make(chan struct{})
	go func() {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		defer connection.Close()
		if _, err := connection.Read(make([]byte, 1)); err == nil {
			close(asked)
		}
		_, _ = connection.Read(make([]byte, 1<<16)) // until the command ends
		_, _ = connection.Read(make([]byte, 1))
	}()
	h.t.Cleanup(func() { listener.Close() })
	return "http://" + listener.Addr().String(), func(int) bool {
		select {
		case <-asked:
			return true
		default:
			return false
		}
	}
}

// locked waits for another wsgictl.
func (h *testHost) locked(words ...string) hang {
	h.t.Helper()
	if err := os.Mkdir(h.path("state"), 0o700); err != nil {
		h.t.Fatal(err)
	}
	lock, err := os.Create(h.path("state/lock"))
	if err == nil {
		err = unix.Flock(int(lock.Fd()), unix.LOCK_EX)
	}
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { lock.Close() })
	return hang{words: append(words, h.apache()...), reached: func(int) bool {
		said, err := os.ReadFile(h.path("output"))
		return err == nil && strings.Contains(string(said), "waiting for the lock")
	}}
}

// reading reads from a pipe to which nobody writes.
func (h *testHost) reading() hang {
	h.t.Helper()
	input, open, err := os.Pipe()
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { input.Close(); open.Close() })
	return hang{words: []string{"-"}, input: input, reached: func(pid int) bool { return isIn(pid, unix.SYS_READ, "0x0") }}
}

// opening opens a named pipe that nobody else opens.
func (h *testHost) opening() hang {
	return hang{words: []string{h.pipe("error.log")}, reached: opensPipe}
}

// unread writes to a pipe that is full.
func (h *testHost) unread(words ...string) hang {
	h.t.Helper()
	var ends [2]int
	if err := unix.Pipe2(ends[:], unix.O_CLOEXEC|unix.O_NONBLOCK); err != nil {
		h.t.Fatal(err)
	}
	for _, size := range []int{1 << 12, 1} {
		for {
			if _, err := unix.Write(ends[1], make([]byte, size)); err != nil {
				break
			}
		}
	}
	if err := unix.SetNonblock(ends[1], false); err != nil {
		h.t.Fatal(err)
	}
	output := os.NewFile(uintptr(ends[1]), "a full pipe")
	h.t.Cleanup(func() { output.Close(); unix.Close(ends[0]) })
	return hang{words: words, output: output, reached: func(pid int) bool {
		return isIn(pid, unix.SYS_WRITE, "0x1") || isIn(pid, unix.SYS_WRITE, "0x2")
	}}
}
