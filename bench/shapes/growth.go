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
// memory that is allocated, both the median of all turns. Linear is 5; 5.5 is
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

// cost is what something took.
type cost struct {
	processor time.Duration // of all threads
	allocated uint64        // bytes
}

func measure(do func()) cost {
	runtime.GC() // what went before is not to be paid for here
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := processorTime()
	do()
	taken := processorTime() - start
	runtime.ReadMemStats(&after)
	return cost{taken, after.TotalAlloc - before.TotalAlloc}
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
