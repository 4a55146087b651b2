package templates

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Limits declares how many requests Apache as a whole must be able to hold, so
// that those that wait for an application never keep static files, other
// sites or new connections waiting.
//
// In Apache a request that waits for a daemon holds a thread: while the daemon
// works on it, while it is in the daemon's queue, and, when the queue is full,
// while Apache tries again to get it in, which it does for connect-timeout.
// The first two are bounded by the daemons, the third by how many requests
// arrive.
type Limits struct {
	Daemons []Daemon // all of the server
	Arrival int      // requests a second that may meet a full queue; 0 means 10
	Reserve int      // threads for all other requests; 0 means 100
	MPM     string   // "event", "worker" or "prefork"; empty for all three
}

// Render gives the sizes, to stand at server level, once, behind those that
// the distribution sets.
func (l Limits) Render() (string, error) {
	setDefault(&l.Arrival, DefaultArrival)
	setDefault(&l.Reserve, DefaultReserve)
	if err := l.check(); err != nil {
		return "", fmt.Errorf("limits: %w", err)
	}
	return execute("limits.conf.tmpl", l)
}

// The values of [Limits] where nothing else is asked for.
const (
	DefaultArrival = 10
	DefaultReserve = 100
)

func (l Limits) check() error {
	for _, d := range l.Daemons {
		if err := d.check(); err != nil {
			return fmt.Errorf("daemon process group %s: %w", d.Name, err)
		}
	}
	switch {
	case len(l.Daemons) == 0:
		return errors.New("no daemon process group to be sized for")
	case l.Arrival < 0 || l.Reserve < 0:
		return errors.New("arrival and reserve: want whole numbers above 0")
	case l.MPM != "" && !slices.Contains(mpms, l.MPM):
		return fmt.Errorf("MPM %s: want one of %s", l.MPM, strings.Join(mpms, ", "))
	}
	return nil
}

var mpms = []string{"event", "worker", "prefork"}

// MPMs are those to write sizes for.
func (l Limits) MPMs() []string {
	if l.MPM != "" {
		return []string{l.MPM}
	}
	return mpms
}

// Waiting is the number of threads that the daemons can hold.
func (l Limits) Waiting() int {
	total := 0
	for _, d := range l.Daemons {
		total += d.Waiting()
	}
	return total
}

// Retrying is the number of threads that try to get into a full queue.
func (l Limits) Retrying() int { return l.Arrival * l.ConnectTimeout() }

// ConnectTimeout is how long, in seconds, Apache tries at most.
func (l Limits) ConnectTimeout() int {
	longest := 0
	for _, d := range l.Daemons {
		longest = max(longest, d.number("connect-timeout"))
	}
	return longest
}

// ThreadsPerChild is the number of threads of one Apache process with a
// threaded MPM: few enough that one that exits takes little with it, and
// as many as Apache's own ThreadLimit allows. Apache adds processes once a
// second, so that fewer threads in each make a rush of clients wait longer.
const ThreadsPerChild = 64

// Need is the number of threads that must be there at least.
func (l Limits) Need() int { return l.Waiting() + l.Retrying() + l.Reserve }

// Children is the number of processes that MaxRequestWorkers come to.
func (l Limits) Children() int { return Children(l.Need(), ThreadsPerChild) }

// MaxRequestWorkers is the number of requests that Apache works on at a time,
// in whole processes.
func (l Limits) MaxRequestWorkers() int { return l.Children() * ThreadsPerChild }

// Capacity is what these come to with an MPM.
func (l Limits) Capacity(mpm string) Capacity {
	c := Capacity{MPM: mpm, MaxRequestWorkers: l.MaxRequestWorkers(), ServerLimit: l.MaxRequestWorkers()}
	if c.Threaded() {
		// Those that finish their last requests after a reload take places.
		c.ServerLimit = 2 * l.Children()
		c.ThreadsPerChild, c.MinSpare, c.MaxSpare = ThreadsPerChild, 2*ThreadsPerChild, 5*ThreadsPerChild
	}
	return c
}

// Capacity is how Apache's own processes and threads are limited. What is 0 is
// left to Apache.
type Capacity struct {
	MPM string // "event", "worker" or "prefork"

	ServerLimit, StartServers    int
	ThreadLimit, ThreadsPerChild int // worker and event
	MaxRequestWorkers            int
	MinSpare, MaxSpare           int // threads; processes for prefork
	ThreadStackSize              int // bytes
}

// Threaded reports whether a process serves several requests.
func (c Capacity) Threaded() bool { return c.MPM != "prefork" }

// Spares are what the directives for spare ones count.
func (c Capacity) Spares() string {
	if c.Threaded() {
		return "Threads"
	}
	return "Servers"
}

// Children is how many processes of so many threads have the threads needed.
func Children(need, threads int) int { return (need + threads - 1) / threads }
