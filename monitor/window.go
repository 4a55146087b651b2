package monitor

import (
	"time"

	"github.com/wsgictl/wsgictl/monitor/telemetry"
)

// Percentiles are those of the last minute or so.
const (
	step  = 10 * time.Second
	steps = 6
)

// window keeps the sums of a group from a minute ago until now.
type window struct {
	from  [steps + 1]telemetry.Totals // the oldest first
	known int
	last  time.Time // when the newest of them was
}

// since are the times of the requests of the last minute. The sums are kept for later.
func (w *window) since(now telemetry.Totals, at time.Time) map[string]telemetry.PhaseTotals {
	if w.known == 0 { // all that is counted came since the monitor began to look
		w.known, w.last = 1, at
	}
	if at.Sub(w.last) >= step {
		if w.known == len(w.from) {
			copy(w.from[:], w.from[1:])
			w.known--
		}
		w.from[w.known], w.last = now, at
		w.known++
	}
	return now.PhasesSince(&w.from[0])
}
