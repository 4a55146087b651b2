package telemetry

import (
	"iter"
	"maps"
)

// Totals are sums over all processes that a group had since somebody listens.
type Totals struct {
	Requests    uint64
	Status      [5]uint64 // 1xx to 5xx
	InputBytes  uint64
	OutputBytes uint64
	CPUSeconds  float64

	Server      PhaseTotals // of phases as Requests has them
	Queue       PhaseTotals
	Daemon      PhaseTotals
	Application PhaseTotals
	Total       PhaseTotals
	GILWait     PhaseTotals
	Input       PhaseTotals
	Output      PhaseTotals

	Started     uint64            // processes
	Stopped     map[string]uint64 // processes, by reason; "vanished" without one
	CutOff      uint64            // requests that were at hand when their process stopped
	Collections uint64            // runs of the garbage collector
	Paused      float64           // seconds in them
}

// PhaseTotals are how long a part of the requests took.
type PhaseTotals struct {
	Seconds float64
	Buckets [Buckets]uint64 // how many took how long; see BucketStart
}

// add adds a report.
func (t *Totals) add(r *Requests) {
	t.Requests += r.Count
	for i, n := range []uint64{r.Status1xx, r.Status2xx, r.Status3xx, r.Status4xx, r.Status5xx} {
		t.Status[i] += n
	}
	t.InputBytes += r.InputBytes
	t.OutputBytes += r.OutputBytes
	t.CPUSeconds += r.CPU * r.Period
	t.Server.add(r.Server, r.Count)
	t.Queue.add(r.Queue, r.Count)
	t.Daemon.add(r.Daemon, r.Count)
	t.Application.add(r.Application, r.Count)
	t.Total.add(r.Total, r.Count)
	t.GILWait.add(r.GILWait, r.Count)
	t.Input.add(r.Input, r.Count)
	t.Output.add(r.Output, r.Count)
}

// Phases are the phases by the names that people know them by.
func (t *Totals) Phases() iter.Seq2[string, *PhaseTotals] {
	return func(yield func(string, *PhaseTotals) bool) {
		_ = yield("server", &t.Server) && yield("queue", &t.Queue) && yield("daemon", &t.Daemon) && yield("application", &t.Application) &&
			yield("total", &t.Total) && yield("gil_wait", &t.GILWait) && yield("input", &t.Input) && yield("output", &t.Output)
	}
}

// PhasesSince are the times of the requests since the sums were these.
func (t *Totals) PhasesSince(before *Totals) map[string]PhaseTotals {
	since := map[string]PhaseTotals{}
	for name, then := range before.Phases() {
		since[name] = *then
	}
	for name, now := range t.Phases() {
		since[name] = now.minus(since[name])
	}
	return since
}

func (t PhaseTotals) minus(before PhaseTotals) PhaseTotals {
	t.Seconds -= before.Seconds
	for i, n := range before.Buckets {
		t.Buckets[i] -= n
	}
	return t
}

// add adds a phase of this many requests.
func (t *PhaseTotals) add(p Phase, count uint64) {
	t.Seconds += p.Mean * float64(count)
	for i, n := range p.Buckets[:min(len(p.Buckets), Buckets)] {
		t.Buckets[i] += uint64(max(n, 0))
	}
}

func (t *Totals) clone() Totals {
	c := *t
	c.Stopped = maps.Clone(t.Stopped)
	return c
}
