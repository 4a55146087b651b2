package modwsgi

import (
	"slices"
	"strings"
	"time"
)

// losses are the messages of a request whose daemon process was gone, which do
// not say why.
var losses = []string{"WSGI0146", "WSGI0147", "WSGI0119", "WSGI0121", "WSGI0125"}

// ends are the messages that tell why a process ends, the likeliest cause
// first where several stand together: a process that request-timeout ends may
// also have to be killed after shutdown-timeout.
var ends = []string{
	"request-timeout", "deadlock-timeout", "startup-timeout", "cpu-time-limit", "maximum-requests", "restart-interval",
	"script-reloading", "AH00051", "AH00052", "graceful-timeout", "shutdown-timeout",
}

// An end and the loss of a request that it causes are this far apart at most:
// a process that is told to end may take shutdown-timeout, 5 seconds, to go;
// Apache learns of a crash a second after the client did.
const (
	endBefore = 7 * time.Second
	endAfter  = 2 * time.Second
)

// A blame finds out which end caused which loss, in a log that is read once.
type blame struct {
	ends    []happening
	pending []happening
	counts  map[string]map[string]int // loss, end, how often
}

type happening struct {
	id    string
	group string // the daemon group, when the line names it
	at    time.Time
}

// see takes notice of a line that a message explains.
func (b *blame) see(m Message, line string) {
	loss := slices.Contains(losses, m.ID)
	if !loss && !slices.Contains(ends, m.ID) {
		return
	}
	at, err := time.Parse("Mon Jan 02 15:04:05 2006", lineTime(line))
	if err != nil {
		return
	}
	h := happening{m.ID, quoted(line), at}
	b.settle(at.Add(-endAfter))
	b.ends = slices.DeleteFunc(b.ends, func(end happening) bool { return end.at.Before(at.Add(-endBefore - endAfter)) })
	if loss {
		b.pending = append(b.pending, h)
	} else {
		b.ends = append(b.ends, h)
	}
}

// settle blames the losses up to a time, whose ends must all have been seen.
func (b *blame) settle(until time.Time) {
	for len(b.pending) > 0 && !b.pending[0].at.After(until) {
		loss := b.pending[0]
		b.pending = b.pending[1:]
		cause := b.cause(loss)
		if cause == "" {
			continue
		}
		if b.counts == nil {
			b.counts = map[string]map[string]int{}
		}
		if b.counts[loss.id] == nil {
			b.counts[loss.id] = map[string]int{}
		}
		b.counts[loss.id][cause]++
	}
}

func (b *blame) cause(loss happening) string {
	for _, id := range ends {
		for _, end := range b.ends {
			near := !end.at.Before(loss.at.Add(-endBefore)) && !end.at.After(loss.at.Add(endAfter))
			same := end.group == "" || loss.group == "" || end.group == loss.group
			if end.id == id && near && same {
				return id
			}
		}
	}
	return ""
}

// quoted is what stands first between single quotes on a line: with these
// messages the name of the daemon group.
func quoted(line string) string {
	_, rest, _ := strings.Cut(line, "'")
	name, _, found := strings.Cut(rest, "'")
	if !found {
		return ""
	}
	return name
}
