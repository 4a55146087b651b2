package monitor

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// terminal is a screen of 80 columns and 24 lines, by tmux.
type terminal struct {
	t      *testing.T
	socket string
}

func newTerminal(t *testing.T, command string) terminal {
	t.Helper()
	term := terminal{t, filepath.Join(t.TempDir(), "tmux")}
	tmux := program(t, "tmux")
	start := exec.Command(tmux, "-S", term.socket, "-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24", command)
	start.Env = append(start.Environ(), "LC_ALL=C.UTF-8", "TERM=xterm-256color")
	if output, err := start.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	t.Cleanup(func() { _ = exec.Command(tmux, "-S", term.socket, "kill-server").Run() })
	return term
}

func (t terminal) tmux(words ...string) string {
	t.t.Helper()
	var complaint bytes.Buffer
	command := exec.Command("tmux", append([]string{"-S", t.socket}, words...)...)
	command.Stderr = &complaint
	output, err := command.Output()
	if err != nil {
		t.t.Fatalf("tmux %q: %v: %s", words, err, &complaint)
	}
	return string(output)
}

// shows waits until the screen has this in a line.
func (t terminal) shows(want string) string {
	t.t.Helper()
	var screen string
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if screen = t.tmux("capture-pane", "-p"); strings.Contains(screen, want) {
			return screen
		}
	}
	t.t.Fatalf("never shown: %s\n%s", want, screen)
	return ""
}

func (t terminal) types(keys ...string) {
	t.t.Helper()
	t.tmux(append([]string{"send-keys"}, keys...)...)
}

// wsgictl is the program itself.
func wsgictl(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "wsgictl")
	if output, err := exec.Command("go", "build", "-o", file, "github.com/wsgictl/wsgictl/cmd/wsgictl").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	return file
}

// TestTop goes down to the stack of a request that hangs, whose URL would steer the
// terminal, and leaves the terminal as it was.
func TestTop(t *testing.T) {
	t.Parallel()
	w := watch(t, releases[0])
	go func() {
		if response, err := http.Get(w.URL + "/hang%1b]0;obeyed%07%0aforged"); err == nil {
			response.Body.Close()
		}
	}()
	w.Get("", "/")
	w.shop(t, "one that hangs", func(g Group) bool { return g.Busy == 1 && len(g.Processes[0].Requests) == 1 })
	for deadline := time.Now().Add(patience); w.AtHand("shop").Asked == 0 && time.Now().Before(deadline); {
		time.Sleep(20 * time.Millisecond)
	}
	term := newTerminal(t, "stty -a > "+w.Root+"/before; "+wsgictl(t)+" top --url "+w.page.URL+"; code=$?; stty -a > "+w.Root+"/after; echo exited $code; cat")
	screen := term.shows("2 groups, 2 processes: 1 of ")
	lines := strings.Split(screen, "\n")
	if !strings.HasPrefix(lines[0], "wsgictl top: ") || !strings.HasPrefix(lines[3], "GROUP* ") || !strings.HasPrefix(lines[23], "Enter open") || !strings.Contains(screen, "\nshop ") {
		t.Errorf("%s", screen)
	}
	term.types("/", "SHOP", "Enter")
	if screen = term.shows("filter: SHOP"); strings.Contains(screen, "\nother ") {
		t.Errorf("%s", screen)
	}
	term.types("Enter")
	term.shows("groups > shop: processes")
	term.types("Enter")
	if screen = term.shows(`/hang\x1b]0;obeyed\a\nfo`); !strings.Contains(screen, "AGE* ") || !strings.Contains(screen, "127.0.0.1") {
		t.Errorf("%s", screen)
	}
	term.types("Enter")
	screen = term.shows("app.wsgi:5 in application")
	if title := term.tmux("display-message", "-p", "#{pane_title}"); strings.Contains(title, "obeyed") || strings.Contains(screen, "\nforged") {
		t.Errorf("title %s%s", title, screen)
	}
	term.types("Escape")
	term.shows("AGE* ")
	term.types("s")
	term.shows("METHOD* ")
	term.types("r")
	term.shows("METHOD^ ")
	term.types("q")
	term.shows("exited 0")
	if before, after := w.read(t, "before"), w.read(t, "after"); before == "" || before != after {
		t.Errorf("the terminal before:\n%s\nafter:\n%s", before, after)
	}
}

// TestTopPutsTheTerminalBack has a signal end it.
func TestTopPutsTheTerminalBack(t *testing.T) {
	t.Parallel()
	w := watch(t, releases[0])
	w.Get("", "/")
	script := "stty -a > " + w.Root + "/before; sh -c 'echo $$ > " + w.Root + "/pid; exec " + wsgictl(t) + " top --url " + w.page.URL + "'; code=$?; stty -a > " + w.Root + "/after; echo exited $code; cat"
	term := newTerminal(t, script)
	term.shows("Enter open")
	pid, err := strconv.Atoi(strings.TrimSpace(w.read(t, "pid")))
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	screen := term.shows("exited 143")
	if before, after := w.read(t, "before"), w.read(t, "after"); before == "" || before != after || strings.Contains(screen, "Enter open") {
		t.Errorf("the terminal before:\n%s\nafter:\n%s\n%s", before, after, screen)
	}
}

// read is the text of a file of the server's folder.
func (w watched) read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(w.Root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
