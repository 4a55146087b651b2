package wsgi

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// sideBySide calls do with each number below n, on all processors at once, and
// returns when all calls have.
func sideBySide(n int, do func(i int)) {
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	wait.Wait()
}
