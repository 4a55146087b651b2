package errorlog

import (
	"bytes"
	"cmp"
	"slices"
	"time"

	"github.com/wsgictl/wsgictl/modwsgi"
)

// A Tally groups and counts what an error log says. The zero Tally is empty;
// give it the log's lines in their order. The memory that it takes does not
// grow with the log.
type Tally struct {
	Lines     int // all lines
	Explained int // those that a message explains
	counted   map[*modwsgi.Message]*counted
	blame     blame
	held      exceptions
}

// An Entry is one message of a log and how often it stands there.
type Entry struct {
	modwsgi.Message
	Count       int
	First, Last string // the earliest and the latest time, as the log writes them; empty when it has none
	Example     string // the line of the latest, at most [LongestExample] bytes of it
	// Because tells, where the message is about a process that was gone, the
	// messages that tell why it went, and how often.
	Because map[string]int
}

// longestLine is how many bytes of a line count: the message stands at its
// beginning.
const longestLine = 64 << 10

// LongestExample is how many bytes of a line an Entry keeps.
const LongestExample = 2000

// AddLines counts the lines of a text.
func (t *Tally) AddLines(text []byte) {
	for len(text) > 0 {
		if text[0] == '\n' {
			t.Lines++
			text = text[1:]
			continue
		}
		end := bytes.IndexByte(text, '\n')
		if end < 0 {
			end = len(text)
		}
		t.Add(bytes.TrimSuffix(text[:end], []byte("\r")))
		text = text[min(end+1, len(text)):]
	}
}

// shortestMessage is how many bytes a line has that holds a message, at least.
const shortestMessage = len("AH00052:")

// Add counts one line.
func (t *Tally) Add(raw []byte) {
	t.Lines++
	if len(raw) == 0 || len(raw) < shortestMessage && !t.held.has(nil) { // nor does it tell which thread wrote it
		return
	}
	l := parseLine(raw[:min(len(raw), longestLine)])
	m := l.explain()
	if !continuesTraceback(l.text) {
		if held, ok := t.held.release(l.process); ok && !isClientGone(m) {
			t.count(held.message, held.seen)
		}
	}
	if m == nil {
		return
	}
	t.Explained++
	s := l.seen()
	if m.ID != exceptionID {
		if t.count(m, s).bears {
			t.blame.see(m.ID, l.text, s.at)
		}
		return
	}
	for _, given := range t.held.hold(m, l.process, s) {
		t.count(given.message, given.seen)
	}
}

// Entries gives the messages found so far: worst first, then the most frequent.
// Of an exception that has been announced no more is expected.
func (t *Tally) Entries() []Entry {
	for _, held := range t.held.releaseAll() {
		t.count(held.message, held.seen)
	}
	because := t.blame.all()
	var entries []Entry
	for m, c := range t.counted {
		entries = append(entries, Entry{
			Message: *m, Count: c.times, First: string(c.first.shown), Last: string(c.last.shown), Example: string(c.last.whole),
			Because: because[m.ID],
		})
	}
	slices.SortFunc(entries, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.Severity, b.Severity), cmp.Compare(b.Count, a.Count), cmp.Compare(a.ID, b.ID))
	})
	return entries
}

// counted is what a Tally knows of one message.
type counted struct {
	times       int
	first, last seen
	bears       bool // on why processes were gone
}

func (t *Tally) count(m *modwsgi.Message, s seen) *counted {
	c := t.counted[m]
	if c == nil {
		if t.counted == nil {
			t.counted = map[*modwsgi.Message]*counted{}
		}
		c = &counted{bears: bears(m.ID)}
		t.counted[m] = c
	}
	c.times++
	if len(c.first.shown) == 0 || s.at.Before(c.first.at) && len(s.shown) > 0 {
		c.first.keep(s)
	}
	if !s.at.Before(c.last.at) {
		c.last.keep(s)
	}
	return c
}

// seen is what a Tally remembers of a line.
type seen struct {
	at    time.Time // zero when the line has none
	shown stamp     // as the line writes it
	whole []byte    // at most LongestExample of it
}

// seen gives what there is to remember. Of two times Apache's own is shown,
// and the collector's compared: it has a zone, and stands on every line. One
// that counts from the machine's start begins anew with each.
func (l *line) seen() seen {
	s := seen{whole: l.whole[:min(len(l.whole), LongestExample)]}
	collected := l.collected
	if len(l.realtime) > 0 {
		collected = journalTime(l.realtime)
	}
	for _, written := range []stamp{l.written, collected} {
		at, ok := written.time()
		if !ok || len(s.shown) > 0 && written.isSinceStart() {
			continue
		}
		s.at = at
		if len(s.shown) == 0 {
			s.shown = written
		}
	}
	return s
}

// keep takes over what was seen of another line, in memory of its own.
func (s *seen) keep(other seen) {
	s.at = other.at
	s.shown = append(s.shown[:0], other.shown...)
	s.whole = append(s.whole[:0], other.whole...)
}
