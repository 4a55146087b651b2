package monitor

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// MaxRSS is the memory in bytes above which a process is replaced, by the names of
// daemon process groups; that of the empty name is for all others.
type MaxRSS map[string]uint64

// leastRSS is what no Python process keeps below, in bytes: less is a number without its unit.
const leastRSS = 10 << 20

// ParseMaxRSS reads SIZE or GROUP=SIZE, of which each is given once. A size is a number
// of bytes, or of 1024, 1024² or 1024³ of them with K, M or G.
func ParseMaxRSS(texts []string) (MaxRSS, error) {
	limits := MaxRSS{}
	for _, text := range texts {
		at := strings.LastIndexByte(text, '=') // a group may have one in its name
		group := text[:max(at, 0)]
		limit, err := parseSize(text[at+1:])
		switch _, given := limits[group]; {
		case err != nil || limit < leastRSS || at == 0:
			return nil, fmt.Errorf("%q: want a size such as 500M or 2G, for one group with its name, such as shop=500M", text)
		case given:
			return nil, fmt.Errorf("%q: this group has a limit already", text)
		}
		limits[group] = limit
	}
	return limits, nil
}

func parseSize(text string) (uint64, error) {
	shift := map[string]int{"K": 10, "M": 20, "G": 30}[text[max(0, len(text)-1):]]
	if shift > 0 {
		text = text[:len(text)-1]
	}
	n, err := strconv.ParseUint(text, 10, 64-30)
	return n << shift, err
}

// of is the limit of a group; none for Apache's own processes, which Apache replaces.
func (m MaxRSS) of(g Group) (limit uint64, is bool) {
	if g.Embedded {
		return 0, false
	}
	if limit, is = m[g.Name]; !is {
		limit, is = m[""]
	}
	return limit, is
}

// reasonRSS is why a process stops that was asked to for its memory.
const reasonRSS = "max_rss"

const (
	// settling is how long a process runs before it is replaced: a limit below what a
	// new process takes makes work, but no standstill.
	settling = time.Minute

	// replacing is how long a process may take to end, and another one to come.
	replacing = 2 * time.Minute
)

// replacer has processes replaced that take too much memory, one of a group at a time.
type replacer struct {
	limits   MaxRSS
	settling time.Duration
	ask      func(pid int) bool // has a process end; false for one that cannot be asked
	tell     func(string)

	pending map[string]replacement // by groups
	deaf    map[int]deaf           // processes, by their numbers
}

// deaf is a process that cannot be asked, or does not end.
type deaf struct {
	started time.Time
	until   time.Time // it may have loaded the file by then, or answer
}

// replacement is a process that was asked to end.
type replacement struct {
	pid   int
	want  int // processes that the group had
	since time.Time
}

func newReplacer(limits MaxRSS, settle time.Duration, ask func(pid int) bool, tell func(string)) *replacer {
	return &replacer{limits: limits, settling: cmp.Or(settle, settling), ask: ask, tell: tell, pending: map[string]replacement{}, deaf: map[int]deaf{}}
}

// look asks those to end that take too much.
func (r *replacer) look(v View) {
	maps.DeleteFunc(r.deaf, func(_ int, d deaf) bool { return v.At.Sub(d.until) > time.Hour }) // of which most are gone
	for _, g := range v.Groups {
		limit, is := r.limits.of(g)
		if !is || r.waits(g, v.At) {
			continue
		}
		p, found := r.largest(g, limit, v.At)
		if !found {
			continue
		}
		what := fmt.Sprintf("process %d of %s takes %d MB, more than --max-rss allows (%d MB)", p.PID, g.Name, p.Usage.RSS>>20, limit>>20)
		if !r.ask(p.PID) {
			r.giveUp(p, v.At, what+"; it cannot be replaced, since it has not loaded the file of \"wsgictl telemetry-script\"")
			continue
		}
		r.tell(fmt.Sprintf("%s; it is replaced, %v after its start", what, v.At.Sub(p.Usage.Started).Round(time.Second)))
		r.pending[g.Name] = replacement{p.PID, len(g.Processes), v.At}
	}
}

// waits tells whether a process of the group is being replaced.
func (r *replacer) waits(g Group, now time.Time) bool {
	asked, is := r.pending[g.Name]
	if !is {
		return false
	}
	i := slices.IndexFunc(g.Processes, func(p Process) bool { return p.PID == asked.pid })
	switch {
	case i < 0 && len(g.Processes) >= asked.want:
	case now.Sub(asked.since) < replacing:
		return true
	case i >= 0:
		r.giveUp(g.Processes[i], now, fmt.Sprintf("process %d of %s does not end, %v after it was asked to", asked.pid, g.Name, replacing))
	}
	delete(r.pending, g.Name)
	return false
}

// giveUp leaves a process alone for a while, and tells why for the first time.
func (r *replacer) giveUp(p Process, now time.Time, why string) {
	if p.Usage == nil {
		return
	}
	if !r.deaf[p.PID].started.Equal(p.Usage.Started) {
		r.tell(why)
	}
	r.deaf[p.PID] = deaf{p.Usage.Started, now.Add(replacing)}
}

// isDeaf tells whether a process was given up a short time ago.
func (r *replacer) isDeaf(p Process, now time.Time) bool {
	known := r.deaf[p.PID]
	return known.started.Equal(p.Usage.Started) && now.Before(known.until)
}

// largest is the process that takes most of those above a limit.
func (r *replacer) largest(g Group, limit uint64, now time.Time) (largest Process, found bool) {
	for _, p := range g.Processes {
		switch {
		case p.Usage == nil || p.Usage.RSS <= limit || p.Stopping != "" || now.Sub(p.Usage.Started) < r.settling:
		case r.isDeaf(p, now):
		case !found || p.Usage.RSS > largest.Usage.RSS:
			largest, found = p, true
		}
	}
	return largest, found
}
