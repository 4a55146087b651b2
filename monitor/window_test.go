package monitor

import (
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/monitor/telemetry"
)

// TestWindowHasTheFirstRequests looks for the first time when some were answered already,
// as where a server answers while its monitor starts. One more is answered before each look.
func TestWindowHasTheFirstRequests(t *testing.T) {
	t.Parallel()
	var w window
	var sums telemetry.Totals
	for _, test := range []struct {
		second int64
		want   uint64
	}{{0, 1}, {1, 2}, {11, 3}, {21, 4}, {31, 5}, {41, 6}, {51, 7}, {61, 8}, {71, 6}, {81, 6}} {
		sums.Total.Buckets[3]++
		if got := w.since(sums, time.Unix(test.second, 0))["total"].Buckets[3]; got != test.want {
			t.Errorf("second %d: %d requests, want %d", test.second, got, test.want)
		}
	}
}
