package monitor

import (
	"cmp"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"time"

	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/monitor/telemetry"
)

// usages are what the kernel says of the processes that told something, whatever
// release of mod_wsgi they run.
type usages struct {
	known map[int]*known
}

// known is what the kernel said of one process.
type known struct {
	installed.Usage
	isGone bool // the kernel knew it a second ago, and no more

	pss      uint64
	hasPSS   bool
	pssAsked time.Time
}

// Proportional memory is dear: the kernel walks all pages of a process, and holds up
// what maps others meanwhile.
const (
	pssEach   = 10 * time.Second     // of a process
	pssBudget = 2 * time.Millisecond // of all of them, in each view; one process may take longer
)

func newUsages() *usages { return &usages{map[int]*known{}} }

// look asks about these processes, and gives those that are gone: the kernel knew
// them, and has not for as long as it takes to receive their last words.
func (u *usages) look(processes []int, now time.Time) (gone []int) {
	before := u.known
	u.known = make(map[int]*known, len(processes))
	for _, pid := range processes {
		k, was := before[pid]
		usage, err := installed.ReadUsage(pid)
		switch {
		case err == nil && was && k.Started.Equal(usage.Started):
			k.Usage, k.isGone = usage, false
			u.known[pid] = k
		case err == nil:
			u.known[pid] = &known{Usage: usage}
		case was && errors.Is(err, fs.ErrNotExist) && k.isGone:
			gone = append(gone, pid)
		case was && errors.Is(err, fs.ErrNotExist):
			k.isGone = true
			u.known[pid] = k
		}
	}
	u.askPSS(now)
	return gone
}

// askPSS asks about those that were asked longest ago, as far as the budget goes.
func (u *usages) askPSS(now time.Time) {
	pids := slices.SortedFunc(maps.Keys(u.known), func(a, b int) int {
		return cmp.Or(u.known[a].pssAsked.Compare(u.known[b].pssAsked), cmp.Compare(a, b))
	})
	for began := time.Now(); len(pids) > 0 && time.Since(began) < pssBudget; pids = pids[1:] {
		k := u.known[pids[0]]
		if now.Sub(k.pssAsked) < pssEach {
			return
		}
		pss, err := installed.ReadPSS(pids[0])
		k.pss, k.hasPSS, k.pssAsked = pss, err == nil, now
	}
}

// of is what is known of a process; nil where the kernel does not tell.
func (u *usages) of(pid int) *Usage {
	k, is := u.known[pid]
	if !is || k.isGone {
		return nil
	}
	usage := &Usage{Started: k.Started, CPUSeconds: k.CPU.Seconds(), Threads: k.Threads, RSS: k.RSS}
	if k.hasPSS {
		usage.PSS = &k.pss
	}
	return usage
}

// processesOf are the numbers of the processes of a snapshot.
func processesOf(s telemetry.Snapshot) []int {
	var pids []int
	for _, g := range s.Groups {
		for _, p := range g.Processes {
			pids = append(pids, p.PID)
		}
	}
	return pids
}
