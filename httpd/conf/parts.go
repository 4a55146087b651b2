package conf

import (
	"runtime"
	"sync"
)

// partSize is how many directives or servers are worth a goroutine: far more
// time than it takes to start one.
const partSize = 1024

// inParts calls do for all numbers below n, in parts from one number up to
// another, on all processors at once where there are many.
func inParts(n int, do func(from, to int)) {
	size := max(partSize, n/(4*runtime.GOMAXPROCS(0))+1)
	if n <= size {
		do(0, n)
		return
	}
	var wait sync.WaitGroup
	for from := 0; from < n; from += size {
		wait.Go(func() { do(from, min(from+size, n)) })
	}
	wait.Wait()
}
