package stacks

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// Listener is a socket to which processes connect.
type Listener struct {
	socket  *net.UnixListener
	isHeard func(pid int) bool

	mu        sync.Mutex
	processes map[int]*process
	done      sync.WaitGroup
}

// process is one that has connected.
type process struct {
	pid      int
	open     map[net.Conn]bool // its connections
	line     net.Conn          // on which it waits to be asked; nil if it does not
	question *question         // that it has not answered yet; nil if it has

	last *question // that it has answered
	when time.Time // of that

	group string
	late  strings.Builder
}

// question is one that a process was asked, by all who ask until it answers.
type question struct {
	answered chan struct{}
	answer   said
	isGone   bool // so is the process
}

// said is an answer as it comes.
type said struct {
	Group    string    `json:"group"`
	Requests []Request `json:"requests"`
}

// Listen makes a socket at a path, in the place of one that was left there. Its mode
// says who may connect; who is not heard is refused.
func Listen(path string, mode fs.FileMode, isHeard func(pid int) bool) (*Listener, error) {
	if info, err := os.Lstat(path); err == nil && info.Mode().Type() == fs.ModeSocket {
		if err := os.Remove(path); err != nil {
			return nil, fmt.Errorf("listen for stacks: %w", err)
		}
	}
	socket, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return nil, fmt.Errorf("listen for stacks: %w", err)
	}
	if err := os.Chmod(path, mode); err != nil {
		socket.Close()
		return nil, fmt.Errorf("listen for stacks at %s: %w", path, err)
	}
	l := &Listener{socket: socket, isHeard: isHeard, processes: map[int]*process{}}
	l.done.Go(l.accept)
	return l, nil
}

func (l *Listener) accept() {
	for {
		connection, err := l.socket.AcceptUnix()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // too many open files, which others will close
			time.Sleep(100 * time.Millisecond)
			continue
		}
		l.done.Go(func() { l.take(connection) })
	}
}

// take serves one connection until it is closed, here or there.
func (l *Listener) take(connection *net.UnixConn) {
	pid, err := peerOf(connection)
	if err != nil || !l.isHeard(pid) {
		connection.Close()
		return
	}
	p := l.join(pid, connection)
	if p == nil {
		connection.Close()
		return
	}
	reader := bufio.NewReader(connection)
	_ = connection.SetReadDeadline(time.Now().Add(greetingLimit))
	greeting, err := reader.ReadSlice('\n')
	_ = connection.SetReadDeadline(time.Time{})
	switch {
	case err == nil && string(greeting) == "line\n":
		l.hearLine(p, connection, reader)
	case err == nil && string(greeting) == "late\n":
		l.keepLate(p, reader)
	}
	l.leave(p, connection)
}

// peerOf is the process at the other end, as the kernel says.
func peerOf(connection *net.UnixConn) (int, error) {
	raw, err := connection.SyscallConn()
	if err != nil {
		return 0, err
	}
	pid := 0
	var refused error
	err = raw.Control(func(fd uintptr) {
		var credentials *unix.Ucred
		if credentials, refused = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED); refused == nil {
			pid = int(credentials.Pid)
		}
	})
	return pid, cmp.Or(err, refused)
}

// maxConnections is what a process has: a line, one for what comes late, and those
// of before that are not closed yet.
const maxConnections = 8

// join adds a connection of a process; nil where there are too many.
func (l *Listener) join(pid int, connection net.Conn) *process {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.processes[pid]
	if p == nil && len(l.processes) < maxProcesses {
		p = &process{pid: pid, open: map[net.Conn]bool{}}
		l.processes[pid] = p
	}
	if p == nil || len(p.open) >= maxConnections {
		return nil
	}
	p.open[connection] = true
	return p
}

// leave closes a connection, and forgets the process with its last one.
func (l *Listener) leave(p *process, connection net.Conn) {
	connection.Close()
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(p.open, connection)
	if p.line == connection {
		p.line = nil
		p.answer(question{isGone: true})
	}
	if len(p.open) == 0 && l.processes[p.pid] == p {
		delete(l.processes, p.pid)
	}
}

// hearLine takes answers until the connection is closed.
func (l *Listener) hearLine(p *process, connection net.Conn, from *bufio.Reader) {
	l.mu.Lock()
	p.line, p.question = connection, nil
	l.mu.Unlock()
	for {
		text, err := readLine(from)
		if err != nil {
			return
		}
		var answer said
		if json.Unmarshal(text, &answer) != nil {
			return
		}
		l.mu.Lock()
		p.group = answer.Group
		p.late.Reset()
		p.answer(question{answer: answer})
		l.mu.Unlock()
	}
}

// answer gives all who ask the answer. The listener is locked.
func (p *process) answer(q question) {
	if p.question != nil {
		p.question.answer, p.question.isGone = q.answer, q.isGone
		close(p.question.answered)
		p.last, p.when = p.question, time.Now()
		p.question = nil
	}
}

// keepLate keeps what faulthandler writes, the last of it, until the connection is closed.
func (l *Listener) keepLate(p *process, from io.Reader) {
	text := make([]byte, 4096)
	for {
		n, err := from.Read(text)
		l.mu.Lock()
		if p.late.Len() < maxLate {
			p.late.Write(text[:n])
		}
		l.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// Ask asks all processes at once, and waits so long for their answers, which come by
// group and number.
func (l *Listener) Ask(wait time.Duration) []Answer {
	var asked []*process
	var questions []*question
	l.mu.Lock()
	for _, p := range l.processes {
		if q := p.ask(); q != nil {
			asked, questions = append(asked, p), append(questions, q)
		}
	}
	l.mu.Unlock()
	answers := []Answer{}
	timeout := time.After(wait)
	for i, p := range asked {
		select {
		case <-questions[i].answered:
		case <-timeout:
			timeout = closed
		}
		if a, is := l.answerOf(p, questions[i]); is {
			answers = append(answers, a)
		}
	}
	slices.SortFunc(answers, func(a, b Answer) int { return cmp.Or(cmp.Compare(a.Group, b.Group), cmp.Compare(a.PID, b.PID)) })
	return answers
}

// closed is a timeout that is over.
var closed = func() <-chan time.Time { c := make(chan time.Time); close(c); return c }()

// rest is how long an answer holds: to look at all threads takes a process up to 20 ms,
// in which no other one of its threads runs, and anybody may ask.
const rest = time.Second

// ask puts a question, unless an earlier one waits for its answer still, or has just
// been answered: that serves both. It is nil for a process that cannot be asked. The
// listener is locked.
func (p *process) ask() *question {
	switch {
	case p.line == nil || p.question != nil:
		return p.question
	case p.last != nil && time.Since(p.when) < rest:
		return p.last
	}
	_ = p.line.SetWriteDeadline(time.Now().Add(greetingLimit)) // one byte of which nobody has to wait for
	if _, err := p.line.Write([]byte("?")); err != nil {
		return nil // it is gone, which hearLine sees too
	}
	p.question = &question{answered: make(chan struct{})}
	return p.question
}

// Replace has a process end as soon as its requests allow, so that Apache starts another
// one; false for a process that cannot be asked.
func (l *Listener) Replace(pid int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.processes[pid]
	if p == nil || p.line == nil {
		return false
	}
	_ = p.line.SetWriteDeadline(time.Now().Add(greetingLimit))
	_, err := p.line.Write([]byte("!"))
	return err == nil
}

// answerOf is false where the process is gone.
func (l *Listener) answerOf(p *process, q *question) (Answer, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := Answer{PID: p.pid, Group: p.group}
	select {
	case <-q.answered:
		a.Group, a.Requests = q.answer.Group, q.answer.Requests
	default:
		a.IsSilent, a.Late = true, p.late.String()
	}
	return a, !q.isGone
}

// readLine reads a line of at most maxAnswer bytes.
func readLine(from *bufio.Reader) ([]byte, error) {
	var text []byte
	for {
		part, err := from.ReadSlice('\n')
		if text = append(text, part...); err == nil {
			return text, nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return nil, err
		}
		if len(text) > maxAnswer {
			return nil, fmt.Errorf("more than %d bytes", maxAnswer)
		}
	}
}

// Close closes all connections, and removes the socket.
func (l *Listener) Close() error {
	err := l.socket.Close()
	l.mu.Lock()
	for _, p := range l.processes {
		for connection := range p.open {
			connection.Close()
		}
	}
	l.mu.Unlock()
	l.done.Wait()
	return err
}
