package telemetry

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"time"
)

// Limits of a Collector, so that no sender makes it hold more than some megabytes.
const (
	maxProcesses    = 1000
	maxGroups       = 500
	maxSlow         = 64 // requests at hand of one process; mod_wsgi sends at most 16 with each report
	maxInterpreters = 32 // as mod_wsgi
	maxEvents       = 1000
	maxReasons      = 32
	maxPerSecond    = 500 // datagrams of one process; mod_wsgi sends some 100 at most
)

// silence is after how many intervals of reporting without a word a process has
// vanished, or a slow request was completed.
const silence = 10

// Collector keeps what processes said. It is not safe for use by several
// goroutines.
type Collector struct {
	processes map[int]*process
	totals    map[string]*Totals
	events    []Event
	damaged   uint64
	refused   uint64
}

// NewCollector gives one that has heard nothing.
func NewCollector() *Collector {
	return &Collector{processes: map[int]*process{}, totals: map[string]*Totals{}}
}

// process is what one process said.
type process struct {
	Process
	sequence uint32
	isKnown  bool   // it has said to which group it belongs
	expected string // why it will stop; empty where only itself knows
	slow     map[slowKey]heard
	garbage  map[string]Garbage

	second  time.Time // of which heard counts
	counted int
}

func newProcess(pid int) *process {
	return &process{Process: Process{PID: pid}, slow: map[slowKey]heard{}, garbage: map[string]Garbage{}}
}

// slowKey tells the slow requests of a process from each other.
type slowKey struct {
	log    string
	thread uint64
	start  float64
}

type heard struct {
	SlowRequest
	at time.Time
}

// Receive takes what came from this process at this time.
func (c *Collector) Receive(pid int, text []byte, now time.Time) {
	p, is := c.processes[pid]
	if !is && len(c.processes) >= maxProcesses {
		c.refused++
		return
	}
	if !is {
		p = newProcess(pid)
	}
	if p.isFlooding(now) {
		c.refused++
		return
	}
	d, err := Decode(text)
	if err != nil {
		c.damaged++
	}
	if errors.Is(err, ErrNotTelemetry) || d.Body == nil {
		return
	}
	c.processes[pid] = p
	c.hear(p, d, now)
}

// Refuse counts a datagram of a process that is not to be heard.
func (c *Collector) Refuse() { c.refused++ }

// isFlooding counts the datagrams of a second.
func (p *process) isFlooding(now time.Time) bool {
	if now.Sub(p.second) >= time.Second || now.Before(p.second) {
		p.second, p.counted = now, 0
	}
	p.counted++
	return p.counted > maxPerSecond
}

// hear takes one record of a process.
func (c *Collector) hear(p *process, d Datagram, now time.Time) {
	_, isStart := d.Body.(*Started)
	switch {
	case isStart && p.sequence >= d.Sequence: // the number was that of another one, which died without a word
		c.stop(p, Event{p.Seen, EventVanished, p.PID, p.Group, "", 0})
		*p = *newProcess(p.PID)
		c.processes[p.PID] = p
	case p.sequence != 0:
		p.Lost += gap(p.sequence, d.Sequence)
	}
	p.sequence, p.Seen = d.Sequence, now
	switch record := d.Body.(type) {
	case *Started:
		c.start(p, record, d.Stamp)
	case *Requests:
		p.isKnown = true
		p.Software, p.Host, p.Group, p.Last = record.Software, record.Host, record.Group, record
		if totals := c.of(p.Group); totals != nil {
			totals.add(record)
		}
	case *SlowRequest:
		p.hearSlow(record, now)
	case *Garbage:
		if _, is := p.garbage[record.Interpreter]; is || len(p.garbage) < maxInterpreters {
			p.garbage[record.Interpreter] = *record
		}
	case *Collection:
		if p.isKnown {
			c.addCollection(p.Group, record)
		}
	case *Stopping:
		p.Group, p.Stopping = record.Group, cmp.Or(p.expected, record.Reason)
		c.happened(Event{now, EventStopping, p.PID, p.Group, p.Stopping, record.Active})
	case *Stopped:
		p.Group = record.Group
		c.stop(p, Event{now, EventStopped, p.PID, p.Group, cmp.Or(p.expected, record.Reason), record.Active})
	}
}

// Expect says why a process will stop, which is asked to: to itself it is a signal as any
// other. An empty reason takes that back.
func (c *Collector) Expect(pid int, reason string) {
	if p, is := c.processes[pid]; is {
		p.expected = reason
	}
}

func (c *Collector) addCollection(group string, record *Collection) {
	if totals := c.of(group); totals != nil {
		totals.Collections++
		totals.Paused += record.Duration
	}
}

// gap is how many records are missing between two, whose numbers begin again at 2^32.
// One that overtook another is no gap.
func gap(before, now uint32) uint64 {
	if missing := now - before - 1; missing < 1<<31 {
		return uint64(missing)
	}
	return 0
}

// start takes the first record of a process.
func (c *Collector) start(p *process, record *Started, at time.Time) {
	p.isKnown = true
	p.Software, p.Host, p.Group, p.Started = record.Software, record.Host, record.Group, at
	c.happened(Event{at, EventStarted, p.PID, p.Group, "", 0})
	if totals := c.of(p.Group); totals != nil {
		totals.Started++
	}
}

func (p *process) hearSlow(r *SlowRequest, now time.Time) {
	key := slowKey{log: r.LogID}
	if r.LogID == "" {
		key = slowKey{thread: r.Thread, start: r.Start}
	}
	if r.Completed != 0 {
		delete(p.slow, key)
		return
	}
	if _, is := p.slow[key]; is || len(p.slow) < maxSlow {
		p.slow[key] = heard{*r, now}
	}
}

// stop forgets a process, whose end is told.
func (c *Collector) stop(p *process, e Event) {
	delete(c.processes, p.PID)
	c.happened(e)
	if totals := c.of(p.Group); totals != nil {
		totals.CutOff += e.Active
		reason := cmp.Or(e.Reason, string(e.Kind))
		if _, is := totals.Stopped[reason]; is || len(totals.Stopped) < maxReasons {
			totals.Stopped[reason]++
		}
	}
}

func (c *Collector) happened(e Event) {
	if len(c.events) >= maxEvents {
		c.events = slices.Delete(c.events, 0, len(c.events)-maxEvents+1)
	}
	c.events = append(c.events, e)
}

// Vanish takes a process for gone, of which the system says that it does not run.
func (c *Collector) Vanish(pid int, now time.Time) {
	p, is := c.processes[pid]
	switch {
	case is && p.isKnown:
		c.stop(p, Event{now, EventVanished, pid, p.Group, p.Stopping, 0}) // cut off while it stopped, where there is a reason
	case is:
		delete(c.processes, pid)
	}
}

// of gives the sums of a group; nil where there are too many groups.
func (c *Collector) of(group string) *Totals {
	totals, is := c.totals[group]
	if !is && len(c.totals) < maxGroups {
		totals = &Totals{Stopped: map[string]uint64{}}
		c.totals[group] = totals
	}
	return totals
}

// Snapshot is what is known now. Processes that were silent for long have vanished.
func (c *Collector) Snapshot(now time.Time) Snapshot {
	groups := map[string]*Group{}
	for _, pid := range slices.Sorted(maps.Keys(c.processes)) {
		p := c.processes[pid]
		if now.Sub(p.Seen) > p.patience() {
			c.Vanish(pid, now)
			continue
		}
		if !p.isKnown {
			continue
		}
		if groups[p.Group] == nil {
			groups[p.Group] = &Group{Name: p.Group}
		}
		groups[p.Group].Processes = append(groups[p.Group].Processes, p.snapshot(now))
	}
	for name, totals := range c.totals { // those of processes that have just vanished too
		if groups[name] == nil {
			groups[name] = &Group{Name: name}
		}
		groups[name].Totals = totals.clone()
	}
	s := Snapshot{At: now, Events: slices.Clone(c.events), Damaged: c.damaged, Refused: c.refused}
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		s.Groups = append(s.Groups, *groups[name])
	}
	return s
}

// patience is how long a process may be silent.
func (p *process) patience() time.Duration {
	interval := 1.0
	if p.Last != nil {
		interval = min(max(p.Last.Interval, interval), 3600)
	}
	return time.Duration(silence * interval * float64(time.Second))
}

// snapshot is a copy of what the process said, that later words do not change.
func (p *process) snapshot(now time.Time) Process {
	s := p.Process
	maps.DeleteFunc(p.slow, func(_ slowKey, h heard) bool { return now.Sub(h.at) > p.patience() })
	for _, h := range p.slow {
		s.Slow = append(s.Slow, h.SlowRequest)
	}
	slices.SortFunc(s.Slow, func(a, b SlowRequest) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.LogID, b.LogID))
	})
	for _, name := range slices.Sorted(maps.Keys(p.garbage)) {
		s.Garbage = append(s.Garbage, p.garbage[name])
	}
	return s
}
