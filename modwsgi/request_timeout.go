package modwsgi

import (
	"fmt"
	"math"
	"time"
)

// A RequestTimeout is a value of request-timeout together with what it comes
// to, which is not the number written: the daemon's monitor thread looks at
// its request threads once a second, and compares
//
//   - from 6.0 on each thread on its own, with value × (1 + ln threads): one
//     stuck thread is enough, and the more threads, the later it counts;
//   - before 6.0 the average over all threads, idle ones counted as 0, with
//     the value: n stuck threads of t fire after value × t / n.
//
// It applies only while the monitor thread runs, which needs a
// deadlock-timeout or an inactivity-timeout other than 0 (wsgi_monitor_thread
// in wsgi_daemon.c, in mod_wsgi.c before 6.0).
type RequestTimeout struct {
	Release Release
	Threads int // request threads of one process, at least 1
	Value   int // seconds, as request-timeout=Value says; 0 means never
}

// MonitorPeriod is how often the daemon compares, and so how much later than
// computed recovery may begin.
const MonitorPeriod = time.Second

// perThread is the release from which on each thread is compared on its own.
var perThread = MustParseRelease("6.0.0")

// RequestTimeoutFor gives the request-timeout with which recovery begins
// nearest to the wanted time after every thread got stuck; of whole seconds,
// and at least 1.
func RequestTimeoutFor(r Release, threads int, recovery time.Duration) RequestTimeout {
	t := RequestTimeout{Release: r, Threads: threads}
	t.Value = max(1, int(math.Round(recovery.Seconds()/t.scale())))
	return t
}

// Recovery is how long after every thread got stuck the process begins to be
// replaced; 0 when it never is.
func (t RequestTimeout) Recovery() time.Duration { return t.FiresAfter(t.Threads) }

// FiresAfter is the same for any number of threads that got stuck at one
// moment while the others idle. Before 6.0 a single stuck thread is left alone
// for value × threads; since then it takes the process, and the requests that
// outlast graceful-timeout, with it as soon as all would.
func (t RequestTimeout) FiresAfter(stuck int) time.Duration {
	if t.Value == 0 || stuck == 0 {
		return 0
	}
	factor := t.scale()
	if !t.eachThread() {
		factor = float64(t.Threads) / float64(stuck)
	}
	return time.Duration(float64(t.Value) * factor * float64(time.Second)).Round(100 * time.Millisecond)
}

// String is the sum, for a comment beside the value, such as
//
//	fires after 23 × (1 + ln 5) = 60 s
func (t RequestTimeout) String() string {
	switch {
	case t.Value == 0:
		return "never fires"
	case t.Threads == 1:
		return fmt.Sprintf("fires after %d s", t.Value)
	case t.eachThread():
		return fmt.Sprintf("fires after %d × (1 + ln %d) = %s s", t.Value, t.Threads, seconds(t.Recovery()))
	default:
		return fmt.Sprintf("fires after %d s, for one thread of %d alone after %d × %d = %s s",
			t.Value, t.Threads, t.Value, t.Threads, seconds(t.FiresAfter(1)))
	}
}

// scale is recovery with every thread stuck, as a multiple of the value.
func (t RequestTimeout) scale() float64 {
	if t.eachThread() {
		return 1 + math.Log(float64(t.Threads))
	}
	return 1
}

// eachThread reports whether the release compares thread by thread; an unknown
// release is taken for a new one.
func (t RequestTimeout) eachThread() bool {
	return t.Release.IsZero() || !t.Release.Predates(perThread)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.0f", d.Seconds()) }
