//go:build linux

package express_test

import (
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/needtest"
)

// A terminal is the far end of a pseudo-terminal that a server runs on.
type terminal struct {
	t      *testing.T
	file   *os.File
	mutex  sync.Mutex
	output strings.Builder
	seen   int // how much of output expect has passed
}

// openTerminal makes a pseudo-terminal and gives both its ends.
func openTerminal(t *testing.T) (near *terminal, far *os.File) {
	t.Helper()
	file, far := httpdtest.OpenTerminal(t)
	near = &terminal{t: t, file: file}
	go near.collect()
	return near, far
}

func (x *terminal) collect() {
	buffer := make([]byte, 4096)
	for {
		n, err := x.file.Read(buffer)
		x.mutex.Lock()
		x.output.Write(buffer[:n])
		x.mutex.Unlock()
		if err != nil {
			return
		}
	}
}

func (x *terminal) text() string {
	x.mutex.Lock()
	defer x.mutex.Unlock()
	return x.output.String()
}

// expect waits for a text behind the last one that was expected.
func (x *terminal) expect(text string) {
	x.t.Helper()
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		all := x.text()
		if i := strings.Index(all[x.seen:], text); i >= 0 {
			x.seen += i + len(text)
			return
		}
	}
	x.t.Fatalf("the terminal does not show %q but:\n%s", text, x.text())
}

func (x *terminal) enter(text string) {
	x.t.Helper()
	if _, err := x.file.WriteString(text); err != nil {
		x.t.Fatal(err)
	}
}

// onTerminal runs the server with a terminal of its own.
func (r *running) onTerminal(t *testing.T) *terminal {
	t.Helper()
	near, far := openTerminal(t)
	httpdtest.AttachTerminal(r.process, far)
	r.run()
	if err := far.Close(); err != nil {
		t.Fatal(err)
	}
	return near
}

// TestDebugs answers pdb on a pseudo-terminal.
func TestDebugs(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	a.write(t, "app.wsgi", failing)
	r := a.prepare(t, "app.wsgi", "--enable-debugger")
	terminal := r.onTerminal(t)
	answered := make(chan reply, 1)
	go func() { answered <- r.get("/fail") }()
	terminal.expect("ValueError: on purpose")
	terminal.expect("(Pdb) ")
	terminal.enter("p environ['PATH_INFO']\n")
	terminal.expect("'/fail'")
	terminal.enter("q\n")
	if got := <-answered; got.Status != 500 {
		t.Errorf("status %d", got.Status)
	}
	r.wants(r.get("/well"), 201, "got ")
}

func TestDebuggerStopsBeforeTheFirstRequest(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	a.write(t, "app.wsgi", failing)
	r := a.prepare(t, "app.wsgi", "--enable-debugger", "--debugger-startup")
	terminal := r.onTerminal(t)
	terminal.expect("(Pdb) ")
	terminal.enter("continue\n")
	r.wants(r.get("/well"), 201, "got ")
}

// TestRunsUnderGDB starts the server from a real gdb, stops it with Ctrl-C, and
// looks where it is.
func TestRunsUnderGDB(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("gdb"); err != nil {
		needtest.Missing(t, "%v", err)
	}
	r := newApplication(t, "6.1.1").prepare(t, "hello.wsgi", "--enable-gdb")
	r.process.Env = append(os.Environ(), "DEBUGINFOD_URLS=", "TERM=dumb")
	near, far := openTerminal(t)
	httpdtest.AttachTerminal(r.process, far)
	near.enter("set confirm off\nset pagination off\nrun\n")
	r.run()
	r.wants(r.get("/"), 200, "Hello")
	near.enter("\x03")
	near.expect("SIGINT")
	near.enter("backtrace\n")
	near.expect(" main (")
	near.enter("kill\nquit\n")
	r.exited <- <-r.exited
}

const stopping = `import os

def application(environ, start_response):
    if environ["PATH_INFO"] == "/stop":
        breakpoint()
        environ["after"] = "it"
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"served"]
`

// TestLeavesDebugger in each way: Ctrl-C keeps to the prompt and later ends the
// server; "quit" ends the request and opens no other prompt about that.
func TestLeavesDebugger(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	a.write(t, "app.wsgi", stopping)
	r := a.prepare(t, "app.wsgi", "--enable-debugger", "--debugger-startup")
	terminal := r.onTerminal(t)
	terminal.expect("(Pdb) ")
	terminal.enter("q\n")
	r.wants(r.get("/"), 200, "served")

	answered := make(chan reply, 1)
	go func() { answered <- r.get("/stop") }()
	terminal.expect("(Pdb) ")
	terminal.enter("\x03")
	terminal.expect("--KeyboardInterrupt--")
	terminal.expect("(Pdb) ")
	terminal.enter("p 6 * 7\n")
	terminal.expect("42")
	terminal.enter("q\n")
	r.wants(<-answered, 500, "")
	r.wants(r.get("/"), 200, "served")
	if seen := terminal.text(); strings.Contains(seen, "BdbQuit") {
		t.Errorf("leaving the debugger opened it again:\n%s", seen)
	}
	terminal.enter("\x03")
	r.await("Ctrl-C ends the server", func() bool {
		select {
		case err := <-r.exited:
			r.exited <- err
			return true
		default:
			return false
		}
	})
}

func TestDebugsLoading(t *testing.T) {
	t.Parallel()
	a := newApplication(t, "6.1.1")
	a.write(t, "app.wsgi", "places = 0\nshare = 1 / places\napplication = print\n")
	r := a.prepare(t, "app.wsgi", "--enable-debugger")
	terminal := r.onTerminal(t)
	terminal.expect("ZeroDivisionError: division by zero")
	terminal.expect("(Pdb) ")
	terminal.enter("p places\n")
	terminal.expect("0")
	terminal.enter("q\n")
}
