package errorlog

import (
	"bytes"
	"cmp"
	"maps"
	"math/bits"
	"slices"
	"time"
)

// losses are the messages of a request whose daemon process was gone, which do
// not say why.
var losses = []string{"WSGI0146", "WSGI0147", "WSGI0119", "WSGI0121", "WSGI0125", "WSGI0127", "WSGI0129", "no-headers"}

// ends are the messages that tell why a process exits, the likeliest cause
// first where several stand together: a process that request-timeout stops may
// also have to be killed after shutdown-timeout.
var ends = []string{
	"request-timeout", "deadlock-timeout", "startup-timeout", "cpu-time-limit", "maximum-requests", "restart-interval",
	"script-reloading", "AH00051", "AH00052", "graceful-timeout", "shutdown-timeout",
}

// The crashes are among ends. Apache tells each of a process by a line of its
// own, so that there are as many as there are lines.
const (
	firstCrash = 7 // of ends
	crashKinds = 2
)

// An end and the loss of a request that it causes are this many seconds apart
// at most: a process that is told to exit may take shutdown-timeout, 5 seconds,
// to go; Apache learns of a crash a second after the client did, or at once.
const (
	endBefore   = 7
	endAfter    = 2
	crashBefore = 1
)

const (
	// late is how many seconds a line may stand behind one of a later time, as
	// where a log is put together from those of several processes.
	late = 3
	// remembered is how many seconds are looked back upon.
	remembered = endBefore + endAfter + late + 1
	// mostNames is how many groups, and losses of a group, a second may have. A log
	// that has more was made to have them.
	mostNames = 256
)

// A blame finds out which end caused which loss, in a log that is read once.
// It counts by the second, so that a burst costs no more than its lines.
type blame struct {
	seconds [remembered]second // by the second's number, modulo remembered
	newest  int64              // the latest second that was seen, since 1970
	settled int64              // up to this one all losses are counted
	counts  causes             // of the losses up to settled
}

// causes tell how often which end was the cause of which loss.
type causes map[string]map[string]int

func (c causes) add(loss, end string, times int) {
	if c[loss] == nil {
		c[loss] = map[string]int{}
	}
	c[loss][end] += times
}

// A second is what a log says of one second.
type second struct {
	at      int64
	ends    map[string]uint // of each group, the set of those of ends that were seen, without the crashes
	all     uint            // the sets of all groups
	crashes [crashKinds]int // that no losses are blamed on yet
	blamed  string          // the crash that losses of this second are blamed on
	losses  map[loss]*int
}

type loss struct {
	id    string
	group string // the daemon group, when the line names it
}

// bears tells whether a blame wants to see a message.
func bears(id string) bool { return slices.Contains(ends, id) || slices.Contains(losses, id) }

// see takes notice of a line with a message that bears on it.
func (b *blame) see(id string, text []byte, at time.Time) {
	if at.IsZero() {
		return
	}
	b.advance(at.Unix())
	s := b.second(at.Unix())
	group := quoted(text)
	end := slices.Index(ends, id)
	if kind := end - firstCrash; kind >= 0 && kind < crashKinds {
		s.crashes[kind]++
		return
	}
	if end >= 0 {
		if _, known := s.ends[group]; known || len(s.ends) < mostNames {
			s.ends[group] |= 1 << end
			s.all |= 1 << end
		}
		return
	}
	lost := loss{id, group}
	if times := s.losses[lost]; times != nil && s.at > b.settled {
		*times++
		return
	}
	if s.at > b.settled && len(s.losses) < mostNames {
		s.losses[lost] = new(1)
		return
	}
	b.count(lost, s, 1)
}

// advance makes a second one of those that are remembered.
func (b *blame) advance(to int64) {
	if to <= b.newest-remembered || b.newest == 0 { // another log begins
		b.settle(b.newest)
		b.seconds = [remembered]second{}
		b.newest, b.settled = to, to-endAfter-late
		return
	}
	if to > b.newest {
		b.settle(min(to-endAfter-late, b.newest))
		b.newest = to
	}
}

// second gives the record of a second, which replaces that of one long ago.
func (b *blame) second(at int64) *second {
	s := b.slot(at)
	if s.at != at {
		*s = second{at: at, ends: map[string]uint{}, losses: map[loss]*int{}}
	}
	return s
}

// slot is where the record of a second stands, or that of another one.
func (b *blame) slot(at int64) *second {
	return &b.seconds[(at%remembered+remembered)%remembered]
}

// settle blames the losses up to a second.
func (b *blame) settle(until int64) {
	for at := max(b.settled, until-remembered) + 1; at <= until; at++ {
		if s := b.slot(at); s.at == at {
			b.countLosses(s)
			clear(s.losses)
		}
	}
	b.settled = max(b.settled, until)
}

// all gives the causes of all losses, as far as they are known yet.
func (b *blame) all() causes {
	ahead := *b // its seconds are those of b no longer, but for what they refer to
	ahead.counts = causes{}
	for lost, ends := range b.counts {
		ahead.counts[lost] = maps.Clone(ends)
	}
	for at := b.settled + 1; at <= b.newest; at++ {
		if s := ahead.slot(at); s.at == at {
			ahead.countLosses(s)
		}
	}
	return ahead.counts
}

func (b *blame) countLosses(s *second) {
	for lost, times := range s.losses {
		b.count(lost, s, *times)
	}
}

// count blames losses of one second, if there is something to blame.
func (b *blame) count(lost loss, s *second, times int) {
	if end := b.cause(lost, s); end != "" {
		if b.counts == nil {
			b.counts = causes{}
		}
		b.counts.add(lost.id, end, times)
	}
}

// cause is the likeliest end that stands near enough to a loss of a second, or
// none.
func (b *blame) cause(lost loss, s *second) string {
	var found uint
	for near := s.at - endBefore; near <= s.at+endAfter; near++ {
		other := b.slot(near)
		if other.at != near {
			continue
		}
		if lost.group == "" {
			found |= other.all
		} else {
			found |= other.ends[lost.group] | other.ends[""]
		}
	}
	likeliest := bits.TrailingZeros(found)
	if likeliest > firstCrash {
		if crash := b.crash(s); crash != "" {
			return crash
		}
	}
	if found == 0 {
		return ""
	}
	return ends[likeliest]
}

// crash is the crash that the losses of a second are blamed on, or none. A
// process loses all that it was serving when it crashes: the losses of another
// second need another crash, and those nearest before it come first.
func (b *blame) crash(s *second) string {
	var first *second
	free, others := 0, 0 // crashes, and the seconds that they are nearer to
	for near := s.at - crashBefore; near <= s.at+endAfter && s.blamed == ""; near++ {
		other := b.slot(near)
		if other.at != near {
			continue
		}
		if crashed := other.crashed(); crashed > 0 {
			first = cmp.Or(first, other)
			free += crashed
		}
		if near > s.at && len(other.losses) > 0 {
			others++
		}
		if others < free {
			s.blamed = first.takeCrash()
		}
	}
	return s.blamed
}

// crashed is how many crashes no losses are blamed on yet.
func (s *second) crashed() (total int) {
	for _, times := range s.crashes {
		total += times
	}
	return total
}

// takeCrash takes one of them.
func (s *second) takeCrash() string {
	kind := slices.IndexFunc(s.crashes[:], func(times int) bool { return times > 0 })
	s.crashes[kind]--
	return ends[firstCrash+kind]
}

// longestName is how long a name of a daemon group may be to be one.
const longestName = 256

// quoted is what stands first between single quotes in a text: with these
// messages the name of the daemon group.
func quoted(text []byte) string {
	_, rest, _ := bytes.Cut(text, []byte("'"))
	name, _, found := bytes.Cut(rest[:min(len(rest), longestName+1)], []byte("'"))
	if !found {
		return ""
	}
	return string(name)
}
