package monitor

import (
	"sync"
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

	heard     map[int]bool      // whose last word counts although the kernel knows them no more
	strangers map[int]time.Time // when they were looked at, since they may send without end
}

// askAgain is how long an answer holds: the server may be started anew, and so may a
// process with the number of a stranger.
const askAgain = 50 * time.Millisecond

// maxHeard is more than the processes that a server can have.
const maxHeard = 10_000

func newChildren(server func() int) *children {
	return &children{server: server, heard: map[int]bool{}, strangers: map[int]time.Time{}}
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
	p, runs := installed.ReadProcess("", pid)
	if !runs {
		return c.heard[pid]
	}
	is := c.isServer(p.Parent, now) || c.isServer(pid, now) // which answers itself with -X
	if len(c.heard) >= maxHeard {
		clear(c.heard)
	}
	if len(c.strangers) >= maxHeard {
		clear(c.strangers)
	}
	if is {
		c.heard[pid] = true
		delete(c.strangers, pid)
	} else {
		c.strangers[pid] = now
		delete(c.heard, pid)
	}
	return is
}

func (c *children) isServer(pid int, now time.Time) bool {
	if c.pid != pid && now.Sub(c.asked) >= askAgain {
		c.pid, c.asked = c.server(), now
	}
	return c.pid == pid && pid != 0
}
