package telemetry

import "maps"

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
	for _, part := range []struct {
		to   *PhaseTotals
		from Phase
	}{
		{&t.Server, r.Server}, {&t.Queue, r.Queue}, {&t.Daemon, r.Daemon}, {&t.Application, r.Application},
		{&t.Total, r.Total}, {&t.GILWait, r.GILWait}, {&t.Input, r.Input}, {&t.Output, r.Output},
	} {
		part.to.add(part.from, r.Count)
	}
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
