package modwsgi

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// A Tally groups and counts what an error log says. The zero Tally is empty;
// give it the log's lines one by one.
type Tally struct {
	Lines     int // all lines
	Explained int // those that a message explains
	entries   map[string]*Entry
	blame     blame
}

// An Entry is one message of a log and how often it stands there.
type Entry struct {
	Message
	Count       int
	First, Last string // the times of the first and last, as the log writes them; empty when it has none
	Example     string // the last line
	// Because tells, where the message is about a process that was gone, the
	// messages that tell why it went, and how often.
	Because map[string]int
}

// Add counts one line.
func (t *Tally) Add(line string) {
	t.Lines++
	m, ok := ExplainLine(line)
	if !ok {
		return
	}
	t.Explained++
	if t.entries == nil {
		t.entries = map[string]*Entry{}
	}
	entry := t.entries[m.ID]
	if entry == nil {
		entry = &Entry{Message: m, First: lineTime(line)}
		t.entries[m.ID] = entry
	}
	entry.Count++
	entry.Last, entry.Example = lineTime(line), line
	t.blame.see(m, line)
}

// Entries gives the messages found: worst first, then the most frequent.
func (t *Tally) Entries() []Entry {
	t.blame.settle(time.Unix(1<<40, 0))
	var entries []Entry
	for _, entry := range t.entries {
		found := *entry
		found.Because = t.blame.counts[entry.ID]
		entries = append(entries, found)
	}
	slices.SortFunc(entries, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.Severity, b.Severity), cmp.Compare(b.Count, a.Count), cmp.Compare(a.ID, b.ID))
	})
	return entries
}

// lineTime is the first bracketed field of a line, where Apache puts the time.
func lineTime(line string) string {
	if !strings.HasPrefix(line, "[") {
		return ""
	}
	text, _, _ := strings.Cut(line[1:], "]")
	return text
}
