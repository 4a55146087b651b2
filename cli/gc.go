package cli

import (
	"os"
	"runtime/debug"
)

// garbagePercent is how much garbage may stand beside what is in use before it
// is collected. Nearly all that is made of a configuration stays in use to the
// end: with 50,000 virtual hosts Go's default of 100 walks through it ten times
// and brings back 20 of 410 MB, for a seventh of the processor time. With 3200
// it is walked through once, at 128 MB, and one of 10,000 virtual hosts never: an
// audit of it makes 100 MB, of which a collection at 64 MB brought back 6.
const garbagePercent = 3200

// memoryLimit is from when on it is collected often: a configuration that makes
// much garbage must not fill the memory of the host.
const memoryLimit = 2 << 30

// collectRarely is for the commands that read a whole configuration, and for
// detect, which makes 5 MB in all: to collect them would take a tenth of its
// time. Whoever sets GOGC or GOMEMLIMIT decides.
func collectRarely() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbagePercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}
