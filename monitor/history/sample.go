package history

import (
	"math"
	"time"
)

// Sample is what a group was like at one time, or between two.
type Sample struct {
	At       time.Time
	Capacity float64 // in use, 0 to 1
	Rate     float64 // requests a second
	CPU      float64 // 1 is a whole core
	Busy     int     // threads; the most
	Threads  int     // the most
	Waiting  int     // requests; the most. -1 where it is not known
	P50      float64 // seconds, of the minute before; 0 where there was no request. The longest
	P95      float64
	P99      float64
	Memory   uint64 // bytes; the most
	Requests uint64 // that were completed
	Restarts uint64 // processes that stopped
}

// numbers is a sample as it is kept: whole numbers, of which those that follow each
// other differ by little.
type numbers [13]int64

// Units of what is kept.
const (
	parts        = 1e4 // of capacity and processor
	hundredths   = 100 // of requests a second
	microseconds = 1e6
	kilobyte     = 1024
)

func (s Sample) numbers() numbers {
	return numbers{
		s.At.Unix(), whole(s.Capacity * parts), whole(s.Rate * hundredths), whole(s.CPU * parts), int64(s.Busy), int64(s.Threads), int64(s.Waiting),
		whole(s.P50 * microseconds), whole(s.P95 * microseconds), whole(s.P99 * microseconds),
		whole(float64(s.Memory) / kilobyte), whole(float64(s.Requests)), whole(float64(s.Restarts)),
	}
}

// whole is the next whole number that has its place; what processes say may be anything.
func whole(f float64) int64 {
	const most = 1 << 53
	if math.IsNaN(f) {
		return 0
	}
	return int64(math.Round(min(max(f, -1), most)))
}

func (n numbers) sample() Sample {
	positive := func(i int) uint64 { return uint64(max(n[i], 0)) }
	return Sample{
		time.Unix(n[0], 0).UTC(), float64(n[1]) / parts, float64(n[2]) / hundredths, float64(n[3]) / parts, int(n[4]), int(n[5]), int(n[6]),
		float64(n[7]) / microseconds, float64(n[8]) / microseconds, float64(n[9]) / microseconds,
		positive(10) * kilobyte, positive(11), positive(12),
	}
}

// merged is what several samples make together.
type merged struct {
	Sample // sums of what is a mean
	count  int
}

func (m *merged) add(s Sample) {
	if m.count == 0 {
		m.Sample, m.count = s, 1
		return
	}
	m.count++
	m.Capacity += s.Capacity
	m.Rate += s.Rate
	m.CPU += s.CPU
	m.Busy, m.Threads, m.Waiting = max(m.Busy, s.Busy), max(m.Threads, s.Threads), max(m.Waiting, s.Waiting)
	m.P50, m.P95, m.P99 = max(m.P50, s.P50), max(m.P95, s.P95), max(m.P99, s.P99)
	m.Memory = max(m.Memory, s.Memory)
	m.Requests += s.Requests
	m.Restarts += s.Restarts
}

// sample is the mean, the most or the sum, as Sample says.
func (m *merged) sample(at time.Time) Sample {
	s := m.Sample
	s.At = at
	s.Capacity /= float64(m.count)
	s.Rate /= float64(m.count)
	s.CPU /= float64(m.count)
	return s
}
