package monitor

import (
	"cmp"
	"time"

	"github.com/wsgictl/wsgictl/monitor/telemetry"
)

// viewVersion rises when a field is taken away or changes its meaning.
const viewVersion = 1

// View is what is known at one time, as programs get it. Times that are no instants
// are seconds, sizes bytes.
type View struct {
	Version int       `json:"version"`
	At      time.Time `json:"at"`
	Groups  []Group   `json:"groups"`
	Events  []Event   `json:"events"`  // oldest first
	Damaged uint64    `json:"damaged"` // datagrams that could not be read
	Refused uint64    `json:"refused"` // datagrams beyond the limits
}

// Group is a daemon process group, or what runs in embedded mode.
type Group struct {
	Name     string `json:"name"` // "" in embedded mode
	Embedded bool   `json:"embedded"`

	Threads  int     `json:"threads"`
	Busy     int     `json:"busy"`     // threads with a request at hand when their process last reported
	Capacity float64 `json:"capacity"` // part of the threads' time in which they were busy, 0 to 1
	Waiting  *int    `json:"waiting"`  // requests that no thread took yet; null where the kernel was not asked
	Backlog  int     `json:"backlog"`  // how many may wait before Apache is refused

	Rate    float64          `json:"rate"` // requests a second
	CPU     float64          `json:"cpu"`  // 1 is a whole core
	RSS     uint64           `json:"rss"`  // what processes share counts in each
	Memory  Memory           `json:"memory"`
	Latency map[string]Times `json:"latency"` // of the last minute, by phase

	Totals    Totals    `json:"totals"`
	Processes []Process `json:"processes"`

	sums telemetry.Totals // for metrics alone, which have histograms
}

// Memory is what the processes of a group take together.
type Memory struct {
	Bytes uint64 `json:"bytes"`
	Kind  string `json:"kind"` // of the next two
}

// How memory is measured.
const (
	memoryPSS = "pss" // what n processes share counts for one nth
	memoryRSS = "rss" // it counts in each; where the kernel does not tell the other of each process
)

// Times are percentiles of how long requests took.
type Times struct {
	P50 float64 `json:"p50"`
	P95 float64 `json:"p95"`
	P99 float64 `json:"p99"`
}

// Totals are sums since the monitor listens.
type Totals struct {
	Requests    uint64            `json:"requests"`
	Status      map[string]uint64 `json:"status"` // by "1xx" to "5xx"
	InputBytes  uint64            `json:"input_bytes"`
	OutputBytes uint64            `json:"output_bytes"`
	CPUSeconds  float64           `json:"cpu_seconds"`
	Started     uint64            `json:"started"`
	Stopped     map[string]uint64 `json:"stopped"`  // by reason
	Restarts    uint64            `json:"restarts"` // processes that stopped, for whatever reason
	CutOff      uint64            `json:"cut_off"`  // requests at hand when their process stopped
}

// Process is one process of a group.
type Process struct {
	PID      int        `json:"pid"`
	Started  *time.Time `json:"started"` // null where it began before the monitor
	Seen     time.Time  `json:"seen"`
	ModWSGI  string     `json:"mod_wsgi"`
	Python   string     `json:"python"`
	Stopping string     `json:"stopping"` // why, once it has decided to stop
	Lost     uint64     `json:"lost"`     // records that did not arrive
	Capacity float64    `json:"capacity"`
	Rate     float64    `json:"rate"`
	CPU      float64    `json:"cpu"`
	GILWait  float64    `json:"gil_wait"` // mean of a request
	RSS      uint64     `json:"rss"`
	Usage    *Usage     `json:"usage"` // null where the kernel does not tell
	Threads  []Thread   `json:"threads"`
	Requests []Request  `json:"requests"` // that are slow and at hand, oldest first
}

// Usage is what the kernel says that a process takes.
type Usage struct {
	Started    time.Time `json:"started"`
	CPUSeconds float64   `json:"cpu_seconds"` // since then
	Threads    int       `json:"threads"`     // of all kinds, also those of libraries
	RSS        uint64    `json:"rss"`
	PSS        *uint64   `json:"pss"` // what n processes share counts for one nth; null where the monitor may not know
}

// Thread is one thread of a process that answers requests.
type Thread struct {
	Elapsed   float64 `json:"elapsed"` // of the request at hand when the process last reported; 0 is idle
	Busy      float64 `json:"busy"`    // part of the last period
	Completed int32   `json:"completed"`
}

// Request is one that takes long. It has no query string: that holds secrets.
type Request struct {
	Start  time.Time `json:"start"`
	Age    float64   `json:"age"`
	Thread int       `json:"thread"` // from 1
	Method string    `json:"method"`
	Host   string    `json:"host"`
	Path   string    `json:"path"`
	Client string    `json:"client"`
	LogID  string    `json:"log_id"`
}

// Event is a turn in the life of a process.
type Event struct {
	At     time.Time `json:"at"`
	Kind   string    `json:"kind"` // started, stopping, stopped, vanished
	PID    int       `json:"pid"`
	Group  string    `json:"group"`
	Reason string    `json:"reason"`
	Active uint64    `json:"active"`
}

func newView(s telemetry.Snapshot) View {
	v := View{Version: viewVersion, At: s.At, Groups: []Group{}, Events: []Event{}, Damaged: s.Damaged, Refused: s.Refused}
	for _, g := range s.Groups {
		v.Groups = append(v.Groups, newGroup(g))
	}
	for _, e := range s.Events {
		v.Events = append(v.Events, Event{e.At, string(e.Kind), e.PID, e.Group, e.Reason, e.Active})
	}
	return v
}

func newGroup(from telemetry.Group) Group {
	t := from.Totals
	g := Group{
		Name: from.Name, Embedded: from.Name == "", Latency: map[string]Times{}, Processes: []Process{}, sums: from.Totals,
		Totals: Totals{
			t.Requests, map[string]uint64{"1xx": t.Status[0], "2xx": t.Status[1], "3xx": t.Status[2], "4xx": t.Status[3], "5xx": t.Status[4]},
			t.InputBytes, t.OutputBytes, t.CPUSeconds, t.Started, t.Stopped, restarts(t), t.CutOff,
		},
	}
	var busy float64
	for _, p := range from.Processes {
		process := newProcess(p)
		for _, thread := range process.Threads {
			if thread.Elapsed > 0 {
				g.Busy++
			}
		}
		g.Threads += len(process.Threads)
		busy += process.Capacity * float64(len(process.Threads))
		g.Rate += process.Rate
		g.CPU += process.CPU
		g.RSS += process.RSS
		g.Processes = append(g.Processes, process)
	}
	if g.Threads > 0 {
		g.Capacity = busy / float64(g.Threads)
	}
	return g
}

func restarts(t telemetry.Totals) uint64 {
	var sum uint64
	for _, n := range t.Stopped {
		sum += n
	}
	return sum
}

// memoryOf is what processes take together, by the best measure that all of them have.
func memoryOf(processes []Process) Memory {
	pss, rss := Memory{0, memoryPSS}, Memory{0, memoryRSS}
	hasPSS := len(processes) > 0
	for _, p := range processes {
		switch {
		case p.Usage == nil:
			hasPSS = false
			rss.Bytes += p.RSS
		case p.Usage.PSS == nil:
			hasPSS = false
			rss.Bytes += p.Usage.RSS
		default:
			pss.Bytes += *p.Usage.PSS
			rss.Bytes += p.Usage.RSS
		}
	}
	if hasPSS {
		return pss
	}
	return rss
}

func newProcess(from telemetry.Process) Process {
	p := Process{
		PID: from.PID, Seen: from.Seen, ModWSGI: from.Software.ModWSGI, Python: from.Software.Python,
		Stopping: from.Stopping, Lost: from.Lost, Threads: []Thread{}, Requests: []Request{},
	}
	if !from.Started.IsZero() {
		p.Started = &from.Started
	}
	if r := from.Last; r != nil {
		p.Capacity, p.Rate, p.CPU, p.RSS, p.GILWait = r.Capacity, r.Throughput, r.CPU, r.RSS, r.GILWait.Mean
		for i := range min(len(r.ThreadElapsed), int(min(r.MaxThreads, telemetry.MaxSize))) {
			p.Threads = append(p.Threads, Thread{r.ThreadElapsed[i], at(r.ThreadBusy, i) / cmp.Or(r.Period, 1), at(r.ThreadCompleted, i)})
		}
	}
	for _, r := range from.Slow {
		p.Requests = append(p.Requests, Request{
			telemetry.Instant(r.Start), r.Duration, int(min(r.Thread, 1<<16)), r.Method, r.Hostname, r.ScriptName + r.PathInfo, r.Peer, r.LogID,
		})
	}
	return p
}

// at is the element of a list that a sender may have cut short.
func at[T any](list []T, i int) T {
	if i < len(list) {
		return list[i]
	}
	var none T
	return none
}

// latency is how long requests took in each phase that any of them had.
func latency(phases map[string]telemetry.PhaseTotals) map[string]Times {
	times := map[string]Times{}
	for name, phase := range phases {
		if p50, is := telemetry.Quantile(phase.Buckets[:], 0.5); is {
			p95, _ := telemetry.Quantile(phase.Buckets[:], 0.95)
			p99, _ := telemetry.Quantile(phase.Buckets[:], 0.99)
			times[name] = Times{p50, p95, p99}
		}
	}
	return times
}
