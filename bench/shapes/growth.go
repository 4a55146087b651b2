package shapes

import (
	"runtime"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// How many virtual hosts the smaller and the larger configuration have.
const (
	small = 10_000
	large = 50_000
)

// Growth measures for each shape by how much more a configuration of five times
// as many virtual hosts takes: "times-cpu" is processor time, "times-memory" the
// memory that is allocated, both the median of all turns. Linear is 5; mostGrowth is
// the most that is wanted. Set GOGC=3200, as the program does for itself: at Go's
// default the larger heap is collected more often. prepare is not measured, what
// it gives is.
func Growth(b *testing.B, prepare func(configuration string) (measured func())) {
	for _, shape := range All() {
		b.Run(shape.Name, func(b *testing.B) {
			confs := []string{shape.Write(small), shape.Write(large)}
			var cpu, memory, seconds []float64
			for b.Loop() {
				var taken [2]cost
				for i, configuration := range confs {
					taken[i] = measure(prepare(configuration))
				}
				cpu = append(cpu, taken[1].processor.Seconds()/taken[0].processor.Seconds())
				memory = append(memory, float64(taken[1].allocated)/float64(taken[0].allocated))
				seconds = append(seconds, taken[1].processor.Seconds())
			}
			b.ReportMetric(0, "ns/op") // of both together, which says nothing
			b.ReportMetric(median(cpu), "times-cpu")
			b.ReportMetric(median(memory), "times-memory")
			b.ReportMetric(median(seconds), "s-cpu-of-50000")
		})
	}
}

// HoldMemory holds for each shape that five times as many virtual hosts make no more
// than 5.5 times as many allocations, and memory in all. These are the same on a
// busy machine, as times are not; other tests must not run meanwhile.
func HoldMemory(t *testing.T, prepare func(configuration string) (measured func())) {
	for _, shape := range All() {
		few, many := measure(prepare(shape.Write(1_000))), measure(prepare(shape.Write(5_000)))
		if pieces := float64(many.pieces) / float64(few.pieces); pieces > mostGrowth {
			t.Errorf("%s: %.2f times as many allocations, want at most %v", shape.Name, pieces, mostGrowth)
		}
		if bytes := float64(many.allocated) / float64(few.allocated); bytes > mostGrowth {
			t.Errorf("%s: %.2f times as much memory, want at most %v", shape.Name, bytes, mostGrowth)
		}
	}
}

// mostGrowth is the most that is wanted for five times as many virtual hosts.
const mostGrowth = 5.5

// cost is what something took.
type cost struct {
	processor time.Duration // of all threads
	allocated uint64        // bytes
	pieces    uint64        // allocations
}

func measure(do func()) cost {
	runtime.GC() // what went before is not to be paid for here
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := processorTime()
	do()
	taken := processorTime() - start
	runtime.ReadMemStats(&after)
	return cost{taken, after.TotalAlloc - before.TotalAlloc, after.Mallocs - before.Mallocs}
}

func processorTime() time.Duration {
	var usage unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &usage); err != nil {
		panic(err) // RUSAGE_SELF is always there
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func median(values []float64) float64 {
	values = slices.Sorted(slices.Values(values))
	return values[len(values)/2]
}
