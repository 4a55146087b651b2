package stacks

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// asks is a listener with connections of this process.
type asks struct {
	*Listener
	t    *testing.T
	path string
}

func listen(t *testing.T, isHeard bool) asks {
	t.Helper()
	path := filepath.Join(t.TempDir(), "stacks")
	l, err := Listen(path, 0o666, func(pid int) bool { return isHeard && pid == os.Getpid() })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return asks{l, t, path}
}

func (a asks) connect(greeting string) net.Conn {
	a.t.Helper()
	c, err := net.Dial("unix", a.path)
	if err != nil {
		a.t.Fatal(err)
	}
	a.t.Cleanup(func() { c.Close() })
	if _, err := io.WriteString(c, greeting); err != nil {
		a.t.Fatal(err)
	}
	return c
}

// patience is how long a test waits for what must come.
const patience = time.Minute

// until asks again until an answer is so.
func (a asks) until(wait time.Duration, what string, is func([]Answer) bool) []Answer {
	a.t.Helper()
	var answers []Answer
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if answers = a.Ask(wait); is(answers) {
			return answers
		}
	}
	a.t.Fatalf("never seen: %s: %+v", what, answers)
	return nil
}

// answerer answers each question with this text.
func answerer(c net.Conn, text string) {
	question := make([]byte, 1)
	for {
		if _, err := io.ReadFull(c, question); err != nil {
			return
		}
		if _, err := io.WriteString(c, text); err != nil {
			return
		}
	}
}

// TestAsk has a process answer, fall silent with a word of faulthandler, answer late,
// and go.
func TestAsk(t *testing.T) {
	t.Parallel()
	a := listen(t, true)
	if answers := a.Ask(patience); len(answers) != 0 {
		t.Errorf("of nobody: %+v", answers)
	}
	late := a.connect("late\n")
	line := a.connect("line\n")
	silent := a.until(time.Millisecond, "one that does not answer", func(answers []Answer) bool { return len(answers) == 1 })
	if !silent[0].IsSilent || silent[0].PID != os.Getpid() {
		t.Errorf("%+v", silent)
	}
	if _, err := io.WriteString(late, "Timeout!\n"); err != nil {
		t.Fatal(err)
	}
	a.until(time.Millisecond, "what came late", func(answers []Answer) bool { return answers[0].Late == "Timeout!\n" })
	go answerer(line, `{"group":"shop","requests":[{"path":"/hang","thread":2,"stack":[{"file":"app.py","line":5}]}]}`+"\n")
	answers := a.until(patience, "an answer", func(answers []Answer) bool { return !answers[0].IsSilent })
	if r := answers[0].Requests; answers[0].Group != "shop" || answers[0].Late != "" || len(r) != 1 || r[0].Path != "/hang" || r[0].Stack[0].Line != 5 {
		t.Errorf("%+v", answers)
	}
	line.Close()
	a.until(patience, "that it is gone", func(answers []Answer) bool { return len(answers) == 0 })
}

// TestManyAskOnce has many ask: a process answers them with one look at its threads.
func TestManyAskOnce(t *testing.T) {
	t.Parallel()
	a := listen(t, true)
	line := a.connect("line\n")
	var questions atomic.Int64
	go func() {
		for question := make([]byte, 1); ; questions.Add(1) {
			if _, err := io.ReadFull(line, question); err != nil {
				return
			}
			fmt.Fprintf(line, `{"group":"shop","requests":[{"thread":%d}]}`+"\n", questions.Load()+1)
		}
	}()
	a.until(patience, "an answer", func(answers []Answer) bool { return len(answers) == 1 && len(answers[0].Requests) == 1 })
	const asks = 1000
	for range asks {
		if answers := a.Ask(patience); len(answers) != 1 || answers[0].Group != "shop" || answers[0].Requests[0].Thread == 0 {
			t.Fatalf("%+v", answers)
		}
	}
	if n := questions.Load(); n >= asks/2 {
		t.Errorf("%d questions for %d who ask", n, asks)
	}
}

// TestAnswersOfHostileProcesses sends what no process does.
func TestAnswersOfHostileProcesses(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"no JSON":        "x\n",
		"a list":         "[]\n",
		"without an end": strings.Repeat(" ", maxAnswer+1<<16),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := listen(t, true)
			go answerer(a.connect("line\n"), text)
			other := a.connect("late\n") // so that the process stays known
			a.until(patience, "that it cannot be asked", func(answers []Answer) bool { return len(answers) == 0 })
			other.Close()
		})
	}
}

// TestConnectionsAreBounded opens more than a process has.
func TestConnectionsAreBounded(t *testing.T) {
	t.Parallel()
	a := listen(t, true)
	for range maxConnections {
		a.connect("late\n")
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		a.mu.Lock()
		p := a.processes[os.Getpid()]
		open := 0
		if p != nil {
			open = len(p.open)
		}
		a.mu.Unlock()
		if open == maxConnections {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d connections", open)
		}
	}
	if _, err := a.connect("").Read(make([]byte, 1)); err == nil {
		t.Error("one more is taken")
	}
}

// TestStrangersAreNotHeard connects as a process that is none of the server.
func TestStrangersAreNotHeard(t *testing.T) {
	t.Parallel()
	a := listen(t, false)
	if _, err := a.connect("").Read(make([]byte, 1)); err == nil {
		t.Error("a stranger is kept")
	}
	if answers := a.Ask(patience); len(answers) != 0 {
		t.Errorf("%+v", answers)
	}
}

// TestListenInThePlaceOfOneThatWasKilled begins where a socket was left.
func TestListenInThePlaceOfOneThatWasKilled(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "stacks")
	left, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	left.SetUnlinkOnClose(false)
	left.Close()
	for _, keep := range []bool{false, true} {
		if keep {
			if err := os.WriteFile(path, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		l, err := Listen(path, 0o600, func(int) bool { return true })
		if (err != nil) != keep {
			t.Fatalf("a file in its place: %v: %v", keep, err)
		}
		if err == nil {
			l.Close()
		}
	}
}
