package installed

import (
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/wsgictl/wsgictl/hostfiles"
)

// clockTick is the unit of times in /proc: USER_HZ is 100 on every Linux that has Go.
const clockTick = 10 * time.Millisecond

// StartTime is when a process was started; zero where the kernel does not tell.
func (p Process) StartTime() time.Time {
	ticks, err := strconv.ParseInt(p.Started, 10, 54)
	booted := bootTime(p.root)
	if err != nil || booted.IsZero() {
		return time.Time{}
	}
	return booted.Add(time.Duration(ticks) * clockTick)
}

// bootedHere is when this host was started.
var bootedHere = sync.OnceValue(func() time.Time { return bootTime("") })

// bootTime is when a host was started, from which the kernel counts; zero where it does
// not tell.
func bootTime(root hostfiles.Root) time.Time {
	text, err := root.ReadLarge("/proc/stat")
	if err != nil {
		return time.Time{}
	}
	for line := range strings.Lines(text) {
		if value, is := strings.CutPrefix(line, "btime "); is {
			if seconds, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64); err == nil {
				return time.Unix(seconds, 0).UTC()
			}
		}
	}
	return time.Time{}
}
