package modwsgi

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"sync"
)

// Explain finds the message that a text of an error log is, by its code or how
// it begins. The text is what a program wrote, without what Apache puts before
// it: time, client, and the system's error, such as "Permission denied", which
// is given apart. It gives nil where the text is no message. Time is linear in
// the length of the text.
func Explain(text []byte, systemError string) *Message {
	index := messageIndex()
	if m := index.byText(text, systemError); m != nil {
		return m
	}
	if code := LeadingCode(text); code != nil {
		return index.byID[string(code)]
	}
	return index.byText(withoutClass(text), systemError)
}

// LeadingCode gives the code that a text begins with, such as WSGI0146 or
// AH00052, or nil.
func LeadingCode(text []byte) []byte {
	for _, code := range []struct {
		letters string
		length  int
	}{{"WSGI", len("WSGI0146")}, {"AH", len("AH00052")}} {
		if len(text) > code.length && text[code.length] == ':' && string(text[:len(code.letters)]) == code.letters &&
			allDigits(text[len(code.letters):code.length]) {
			return text[:code.length]
		}
	}
	return nil
}

func allDigits(text []byte) bool {
	for _, c := range text {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// withoutClass is what an exception or a warning of Python says, without its
// class and, of a warning, without the file and line:
//
//	OSError: No such file
//	/srv/app.py:12: UserWarning: No such file
//
// It gives nil where the text is neither.
func withoutClass(text []byte) []byte {
	if len(text) > 0 && text[0] == '/' {
		_, rest, _ := bytes.Cut(text, []byte("Warning: "))
		return rest
	}
	for i, c := range text {
		switch {
		case c == ':' && i > 0 && i+1 < len(text) && text[i+1] == ' ':
			return text[i+2:]
		case c != '.' && c != '_' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z'):
			return nil
		}
	}
	return nil
}

// keyLength is how many letters every text must begin with before a "*", so
// that few of them need to be compared with a line.
const keyLength = 6

type index struct {
	byID    map[string]*Message
	byStart map[[keyLength]byte][]pattern
}

func (ix *index) byText(text []byte, systemError string) *Message {
	if len(text) < keyLength {
		return nil
	}
	for _, candidate := range ix.byStart[[keyLength]byte(text)] {
		if candidate.matches(text, systemError) {
			return candidate.message
		}
	}
	return nil
}

// messageIndex is made when the first text is looked at, and never changes.
var messageIndex = sync.OnceValue(func() *index {
	made := &index{byID: map[string]*Message{}, byStart: map[[keyLength]byte][]pattern{}}
	for i := range messages {
		m := &messages[i]
		made.byID[m.ID] = m
		for _, text := range m.Texts {
			p := newPattern(text, m)
			key := [keyLength]byte(p.parts[0])
			made.byStart[key] = append(made.byStart[key], p)
		}
	}
	for _, candidates := range made.byStart {
		slices.SortStableFunc(candidates, pattern.compare)
	}
	return made
})

// A pattern is how a text begins.
type pattern struct {
	systemError string   // that has to stand before it, when not empty
	parts       [][]byte // what stands between any text, in this order
	length      int      // of all parts
	message     *Message
}

func newPattern(text string, m *Message) pattern {
	p := pattern{message: m}
	if rest, ok := strings.CutPrefix(text, "(*)"); ok {
		p.systemError, text, _ = strings.Cut(rest, ": ")
	}
	for part := range strings.SplitSeq(text, "*") {
		p.parts = append(p.parts, []byte(part))
		p.length += len(part)
	}
	return p
}

// compare puts what is more particular first: what asks for an error of the
// system, then what has more letters.
func (p pattern) compare(other pattern) int {
	return -cmp.Or(cmp.Compare(len(p.systemError), len(other.systemError)), cmp.Compare(p.length, other.length))
}

func (p pattern) matches(text []byte, systemError string) bool {
	if p.systemError != "" && p.systemError != systemError || !bytes.HasPrefix(text, p.parts[0]) {
		return false
	}
	text = text[len(p.parts[0]):]
	for _, part := range p.parts[1:] {
		at := bytes.Index(text, part)
		if at < 0 {
			return false
		}
		text = text[at+len(part):]
	}
	return true
}
