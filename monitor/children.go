package monitor

import (
	"errors"
	"os"
	"sync"
	"syscall"
	"time"

	"github.com/wsgictl/wsgictl/httpd/installed"
)

// children tells the processes of one server from all others that can reach the
// socket: the server has started them, which no other process can pretend.
type children struct {
	mu     sync.Mutex
	server func() int // its parent process; 0 while it does not run
	pid    int        // that server gave
	asked  time.Time

	heard     map[int]*child
	strangers map[int]time.Time // when they were looked at, since they may send without end
}

// child is a process of the server. Its last word counts although the kernel knows it
// no more.
type child struct {
	process *os.Process // nil where the system cannot tell it from a later one of its number
	asked   time.Time
}

// askAgain is how long an answer holds: the server may be started anew, and so may a
// process with the number of a stranger.
const askAgain = 50 * time.Millisecond

// askParent is how long it holds for a child that runs still: it stays one while its
// parent lives.
const askParent = 10 * time.Second

// maxHeard is more than the processes that a server can have.
const maxHeard = 10_000

func newChildren(server func() int) *children {
	return &children{server: server, heard: map[int]*child{}, strangers: map[int]time.Time{}}
}

// have tells whether a process that sent something at this time is one of them.
func (c *children) have(pid int, now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.server == nil {
		return true
	}
	if seen, is := c.strangers[pid]; is && now.Sub(seen) < askAgain {
		return false
	}
	known, is := c.heard[pid]
	if is && now.Sub(known.asked) < askParent && known.runs() {
		return true
	}
	held := hold(pid) // before it is looked at, which may be another one by then
	p, runs := installed.ReadProcess("", pid)
	if !runs {
		return is
	}
	if len(c.heard) >= maxHeard {
		clear(c.heard)
	}
	if len(c.strangers) >= maxHeard {
		clear(c.strangers)
	}
	if c.isServer(p.Parent, now) || c.isServer(pid, now) { // which answers itself with -X
		c.heard[pid] = &child{held, now}
		delete(c.strangers, pid)
		return true
	}
	c.strangers[pid] = now
	delete(c.heard, pid)
	return false
}

// hold takes hold of a process, so that it is told from later ones of its number; nil
// where the kernel cannot (pidfd_open(2)).
func hold(pid int) *os.Process {
	process, err := os.FindProcess(pid)
	if err != nil || process.WithHandle(func(uintptr) {}) != nil {
		return nil
	}
	return process
}

// runs tells whether this very process is there still.
func (c *child) runs() bool {
	if c.process == nil {
		return false
	}
	err := c.process.Signal(syscall.Signal(0))
	return err == nil || errors.Is(err, syscall.EPERM)
}

func (c *children) isServer(pid int, now time.Time) bool {
	if c.pid != pid && now.Sub(c.asked) >= askAgain {
		c.pid, c.asked = c.server(), now
	}
	return c.pid == pid && pid != 0
}
