package errorlog

import (
	"bytes"

	"github.com/wsgictl/wsgictl/modwsgi"
)

// A line of an error log, taken apart. Its slices are those of the line that
// was read.
type line struct {
	whole       []byte // as the log has it, or, of a log in JSON, the message in it
	collected   stamp  // when it was taken over by what collected it
	realtime    []byte // the same, as the journal counts it
	written     stamp  // when Apache wrote it
	process     []byte // "pid 16:tid 17": who wrote it
	level       []byte // "error", without the module before it
	systemError []byte // "Permission denied"
	text        []byte // what the program wrote
}

// parseLine takes a line apart that is in Apache's default format, of 2.2 or
// 2.4, or in another one in which the text stands last:
//
//	[time] [wsgi:error] [pid 1:tid 2] (2)No such file or directory: [client ::1] mod_wsgi (pid=1): text
//	[time] [error] [client ::1] (2)No such file or directory: text
func parseLine(raw []byte) line {
	l := line{whole: raw}
	l.text = l.cutCollector(raw)
	l.cutFields()
	l.text = withoutOwnName(l.text)
	return l
}

// cutFields takes off the fields in brackets and the system's error.
func (l *line) cutFields() {
	for first := true; ; first = false {
		if field, rest, ok := cutField(l.text); ok {
			l.seeField(field, first)
			l.text = rest
			continue
		}
		description, rest, ok := cutSystemError(l.text)
		if !ok {
			return
		}
		l.systemError, l.text = description, rest
	}
}

func (l *line) seeField(field []byte, first bool) {
	switch {
	case first:
		l.written = stamp(field)
	case bytes.HasPrefix(field, []byte("pid ")):
		l.process = field
	case l.level == nil:
		l.level = field[bytes.IndexByte(field, ':')+1:]
	}
}

// cutField cuts off "[field] ".
func cutField(text []byte) (field, rest []byte, ok bool) {
	if len(text) == 0 || text[0] != '[' {
		return nil, nil, false
	}
	if field, rest, ok = bytes.Cut(text[1:], []byte("] ")); ok {
		return field, rest, true
	}
	field, ok = bytes.CutSuffix(text[1:], []byte("]"))
	return field, nil, ok
}

// cutSystemError cuts off how Apache writes errno before a message:
// "(13)Permission denied: ".
func cutSystemError(text []byte) (description, rest []byte, ok bool) {
	if len(text) < 2 || text[0] != '(' || text[1] < '0' || text[1] > '9' {
		return nil, nil, false
	}
	number, rest, ok := bytes.Cut(text[1:], []byte(")"))
	if !ok || !isNumber(number) {
		return nil, nil, false
	}
	return bytes.Cut(rest, []byte(": "))
}

// isNumber tells whether a text is of digits alone, one at least.
func isNumber(text []byte) bool {
	for _, c := range text {
		if c < '0' || c > '9' {
			return false
		}
	}
	return len(text) > 0
}

// ownName begins what mod_wsgi up to 5 calls itself.
const ownName = "mod_wsgi (pid="

// withoutOwnName takes off what mod_wsgi up to 5 calls itself:
// "mod_wsgi (pid=16): ", "mod_wsgi (pid=16, process='app', application=”): ",
// or "mod_wsgi: ".
func withoutOwnName(text []byte) []byte {
	if rest, ok := bytes.CutPrefix(text, []byte(ownName)); ok {
		if _, rest, ok = bytes.Cut(rest, []byte("): ")); ok {
			return rest
		}
	}
	return bytes.TrimPrefix(text, []byte("mod_wsgi: "))
}

// explain finds the message that the line holds, or nil.
func (l *line) explain() *modwsgi.Message {
	systemError := string(l.systemError)
	m := modwsgi.Explain(l.text, systemError)
	if m != nil || l.process != nil { // Apache's default format: nothing stands elsewhere
		return m
	}
	return modwsgi.Explain(textWithin(l.whole), systemError)
}

// textWithin finds the text in a line of another format: after mod_wsgi's own
// name, or from a code on.
func textWithin(whole []byte) []byte {
	if at := bytes.Index(whole, []byte(ownName)); at >= 0 {
		return withoutOwnName(whole[at:])
	}
	for _, letters := range []string{"WSGI", "AH"} {
		for rest := whole; ; rest = rest[len(letters):] {
			at := bytes.Index(rest, []byte(letters))
			if at < 0 {
				break
			}
			rest = rest[at:]
			if modwsgi.LeadingCode(rest) != nil {
				return rest
			}
		}
	}
	return nil
}
