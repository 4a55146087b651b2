package monitor

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"

	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/monitor/history"
	"github.com/wsgictl/wsgictl/monitor/sender"
	"github.com/wsgictl/wsgictl/monitor/stacks"
	"github.com/wsgictl/wsgictl/monitor/telemetry"
)

// Options are what a Monitor listens to.
type Options struct {
	Socket  string         // that WSGITelemetryService names
	Server  func() int     // the parent process of the server, whose processes alone are heard, 0 while it does not run; nil hears all that can send
	History *history.Store // that keeps what is seen; nil keeps nothing. Close closes it
	Tell    func(string)   // of what goes wrong meanwhile; nil tells nobody
	MaxRSS  MaxRSS         // processes that take more memory are replaced

	Groups []string // daemon process groups in the order of their WSGIDaemonProcess, which their sockets are numbered by; none where it is not known

	settling time.Duration // how long processes run before they are replaced; 0 is a minute
}

// Monitor is what is known of running processes. It may be used by several
// goroutines.
type Monitor struct {
	options  Options
	receiver *telemetry.Receiver
	children *children
	stacks   *stacks.Listener

	mu        sync.Mutex
	collector *telemetry.Collector
	view      View
	changed   chan struct{} // closed when there is a newer view

	windows map[string]*window // of the goroutine that makes views, as the next
	usages  *usages
	limits  *replacer
	kept    *kept // nil without a history
	stop    chan struct{}
	done    sync.WaitGroup
}

// socketMode lets all accounts send, since daemon processes have many. What they
// send counts for their own process, which the kernel tells, and only if Apache
// started it.
const socketMode = 0o666

// each is how often there is a new view.
const each = time.Second

// Start listens to the socket until Close.
func Start(o Options) (*Monitor, error) {
	if o.Tell == nil {
		o.Tell = func(string) {}
	}
	if long := len(o.Socket) - sender.Longest; long > 0 {
		return nil, fmt.Errorf("listen for telemetry at %s: the path is too long for a socket by %d bytes; name a shorter one", o.Socket, long)
	}
	receiver, err := telemetry.Listen(o.Socket, socketMode)
	if err != nil {
		return nil, cannotListen(o.Socket, err)
	}
	m := &Monitor{
		options: o, receiver: receiver, children: newChildren(o.Server), collector: telemetry.NewCollector(), view: newView(telemetry.Snapshot{At: time.Now()}),
		changed: make(chan struct{}), windows: map[string]*window{}, usages: newUsages(), stop: make(chan struct{}),
	}
	if m.stacks, err = stacks.Listen(sender.Stacks(o.Socket), socketMode, func(pid int) bool { return m.children.have(pid, time.Now()) }); err != nil {
		return nil, errors.Join(cannotListen(sender.Stacks(o.Socket), err), receiver.Close())
	}
	m.limits = newReplacer(o.MaxRSS, o.settling, m.replace, o.Tell)
	if o.History != nil {
		m.kept = &kept{store: o.History, tell: o.Tell}
	}
	m.done.Go(m.listen)
	m.done.Go(m.look)
	return m, nil
}

// cannotListen says what the system said of a socket, and what to do.
func cannotListen(path string, err error) error {
	var said syscall.Errno
	if !errors.As(err, &said) {
		return err // which says so itself
	}
	return fmt.Errorf("listen at %s: %w; name a socket in a folder of this account's own, such as one made by: install -d -o %d -m 0711 /run/wsgictl", path, said, os.Geteuid())
}

// listen receives until the socket is closed.
func (m *Monitor) listen() {
	for {
		sender, text, err := m.receiver.Receive()
		if err != nil {
			return
		}
		now := time.Now()
		isHeard := m.children.have(sender.PID, now)
		m.mu.Lock()
		if isHeard {
			m.collector.Receive(sender.PID, text, now)
		} else {
			m.collector.Refuse()
		}
		m.mu.Unlock()
	}
}

// look makes views until Close.
func (m *Monitor) look() {
	ticks := time.NewTicker(each)
	defer ticks.Stop()
	for {
		select {
		case <-m.stop:
			return
		case now := <-ticks.C:
			view := m.newView(m.snapshot(now))
			m.limits.look(view)
			m.mu.Lock()
			m.view = view
			close(m.changed)
			m.changed = make(chan struct{})
			m.mu.Unlock()
			if m.kept != nil {
				m.kept.add(view)
			}
		}
	}
}

// replace asks a process to end, which it may tell at once. It is false for one that
// cannot be asked.
func (m *Monitor) replace(pid int) bool {
	m.expect(pid, reasonRSS)
	if m.stacks.Replace(pid) {
		return true
	}
	m.expect(pid, "")
	return false
}

func (m *Monitor) expect(pid int, reason string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.collector.Expect(pid, reason)
}

// snapshot is what was said, without those processes that the kernel knows no more.
func (m *Monitor) snapshot(now time.Time) telemetry.Snapshot {
	snapshot := m.collected(now)
	gone := m.usages.look(processesOf(snapshot), now)
	if len(gone) == 0 {
		return snapshot
	}
	return m.collected(now, gone...)
}

// collected takes these processes for gone, and gives what is known then.
func (m *Monitor) collected(now time.Time, gone ...int) telemetry.Snapshot {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, pid := range gone {
		m.collector.Vanish(pid, now)
	}
	return m.collector.Snapshot(now)
}

// Close stops listening, and removes the socket.
func (m *Monitor) Close() error {
	close(m.stop)
	err := errors.Join(m.receiver.Close(), m.stacks.Close())
	m.done.Wait()
	if m.kept != nil {
		err = errors.Join(err, m.kept.store.Close())
	}
	return err
}

// View is what was known a second ago or less, and a channel that is closed when
// there is a newer one. It must not be changed.
func (m *Monitor) View() (View, <-chan struct{}) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.view, m.changed
}

// newView adds to what the processes said what the kernel says, and how long the
// requests of the last minute took.
func (m *Monitor) newView(snapshot telemetry.Snapshot) View {
	view := newView(snapshot)
	queues := m.queues(snapshot)
	windows := map[string]*window{} // without those of groups that are gone: a sender may name another one each time
	for i := range view.Groups {
		g := &view.Groups[i]
		windows[g.Name] = m.windows[g.Name]
		if windows[g.Name] == nil {
			windows[g.Name] = new(window)
		}
		g.Latency = latency(windows[g.Name].since(snapshot.Groups[i].Totals, snapshot.At))
		for j := range g.Processes {
			g.Processes[j].Usage = m.usages.of(g.Processes[j].PID)
		}
		g.Memory = memoryOf(g.Processes)
		if queue, is := queues[g.Name]; is {
			g.Waiting, g.Backlog = &queue.Waiting, queue.Backlog
		}
	}
	m.windows = windows
	return view
}

// queues are what waits for each daemon process group; none where the kernel does
// not tell. Sockets have the number of Apache's parent process in their names.
func (m *Monitor) queues(snapshot telemetry.Snapshot) map[string]telemetry.Queue {
	queues := map[string]telemetry.Queue{}
	sockets, err := telemetry.Queues()
	if err != nil {
		return queues
	}
	parents := parentsOf(snapshot)
	for path, queue := range sockets {
		socket, is := modwsgi.ParseSocketPath(path)
		if is && parents[socket.Parent] && 0 < socket.Group && socket.Group <= len(m.options.Groups) {
			name := m.options.Groups[socket.Group-1]
			sum := queues[name] // two while Apache reloads
			queues[name] = telemetry.Queue{Waiting: sum.Waiting + queue.Waiting, Backlog: max(sum.Backlog, queue.Backlog)}
		}
	}
	return queues
}

func parentsOf(snapshot telemetry.Snapshot) map[uint64]bool {
	parents := map[uint64]bool{}
	for _, g := range snapshot.Groups {
		for _, p := range g.Processes {
			parents[p.Software.Parent] = true
		}
	}
	return parents
}
