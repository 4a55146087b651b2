package modwsgi

import (
	"regexp"
	"strings"
	"sync"
)

// A Message is one thing that the error log can say: a code of mod_wsgi 6, or
// a text without one, of mod_wsgi, Apache or Python, that belongs to the same
// story.
type Message struct {
	ID       string // "WSGI0146"; Apache's own "AH00052"; for a text without code a name, "request-timeout"
	Severity Severity
	Cause    string   // what happened
	Meaning  string   // what those who use the application notice
	Remedy   string   // what to change
	Texts    []string // regular expressions for the beginning of the texts of 4.x and 5.x, and of those without code
}

// A Severity says how bad a message is for those who use the application.
type Severity int

// The severities, worst first.
const (
	Down     Severity = iota // an application, or all of them, is not served
	Failing                  // some requests get an error
	Degraded                 // all is served, but not as configured
	Note                     // nothing to do, or good to know
)

// String names the severity as reports do.
func (s Severity) String() string {
	return [...]string{"down", "failing", "degraded", "note"}[s]
}

// Messages gives all messages, in the order of their subjects.
func Messages() []Message { return messages }

// LookupMessage finds a message by its ID; case does not matter, and a code
// may be given as a number: "wsgi0146", "146".
func LookupMessage(id string) (Message, bool) {
	id = strings.ToUpper(id)
	if digits := strings.TrimLeft(id, "0"); regexp.MustCompile(`^\d{1,4}$`).MatchString(id) {
		id = "WSGI" + strings.Repeat("0", 4-len(digits)) + digits
	}
	for _, m := range messages {
		if strings.ToUpper(m.ID) == id {
			return m, true
		}
	}
	return Message{}, false
}

// ExplainLine finds the message that a line of an error log holds. The line may
// be in Apache's default format, or in another one in which the message stands
// last or after "mod_wsgi (pid=N): ".
func ExplainLine(line string) (Message, bool) {
	index := messageIndex()
	if code := findCode(line); code != "" {
		m, ok := index.byID[code]
		return m, ok
	}
	text := index.messageText(line)
	if len(text) < keyLength {
		return Message{}, false
	}
	for _, candidate := range index.byText[text[:keyLength]] {
		if candidate.pattern.MatchString(text) {
			return candidate.message, true
		}
	}
	return Message{}, false
}

// findCode gives the first code on a line that ends in ": ", such as WSGI0146
// or AH00052, unless it is one of Apache's that no message is about.
func findCode(line string) string {
	for _, prefix := range []struct {
		letters string
		digits  int
	}{{"WSGI", 4}, {"AH", 5}} {
		for rest := line; ; {
			i := strings.Index(rest, prefix.letters)
			if i < 0 {
				break
			}
			rest = rest[i:]
			end := len(prefix.letters) + prefix.digits
			if len(rest) > end && rest[end] == ':' && allDigits(rest[len(prefix.letters):end]) {
				return rest[:end]
			}
			rest = rest[len(prefix.letters):]
		}
	}
	return ""
}

func allDigits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}

// messageText is the part of a line that the program wrote: without the
// bracketed fields, the operating system's error and mod_wsgi's process id.
//
//	[time] [wsgi:error] [pid 1] (2)No such file or directory: [client ::1] mod_wsgi (pid=1): text
func (ix index) messageText(line string) string {
	if _, text, found := strings.Cut(line, "mod_wsgi (pid="); found {
		if _, text, found = strings.Cut(text, "): "); found {
			return text
		}
	}
	if !strings.HasPrefix(line, "[") {
		line = line[len(ix.syslogFields.FindString(line)):]
	}
	for {
		line = strings.TrimLeft(line, " ")
		end := strings.Index(line, "] ")
		switch {
		case strings.HasPrefix(line, "[") && end > 0:
			line = line[end+2:]
		case ix.systemError.MatchString(line):
			line = line[len(ix.systemError.FindString(line)):]
		default:
			return strings.TrimPrefix(line, "mod_wsgi: ")
		}
	}
}

// keyLength is how many letters every pattern of a text must begin with, so
// that few patterns need to be tried on a line.
const keyLength = 6

type textPattern struct {
	pattern *regexp.Regexp
	message Message
}

type index struct {
	byID   map[string]Message
	byText map[string][]textPattern

	// syslogFields are what syslog and journald put before a message:
	// "Nov 25 18:31:20 host apache2[16]: ".
	syslogFields *regexp.Regexp
	// systemError is how Apache writes errno before a message: "(13)Permission
	// denied: ".
	systemError *regexp.Regexp
}

// messageIndex is made when the first line is looked at, and never changes.
var messageIndex = sync.OnceValue(func() index {
	made := index{
		byID:         map[string]Message{},
		byText:       map[string][]textPattern{},
		syslogFields: regexp.MustCompile(`^[^\[]+\[\d+\]: `),
		systemError:  regexp.MustCompile(`^\(\d+\)[^:]*: `),
	}
	for _, m := range messages {
		made.byID[m.ID] = m
		for _, text := range m.Texts {
			literal, _ := regexp.MustCompile(text).LiteralPrefix()
			key := literal[:keyLength]
			made.byText[key] = append(made.byText[key], textPattern{regexp.MustCompile("^" + text), m})
		}
	}
	return made
})

// A subject is a group of messages that mean the same to a user and are mended
// in the same way.
type subject struct {
	severity        Severity
	meaning, remedy string
	rows            []messageRow
}

// A messageRow is what is particular to one message of a subject.
type messageRow struct {
	id, cause string
	texts     []string
}

var messages = flatten(subjects)

func flatten(subjects []subject) []Message {
	var all []Message
	for _, s := range subjects {
		for _, row := range s.rows {
			all = append(all, Message{ID: row.id, Severity: s.severity, Cause: row.cause, Meaning: s.meaning, Remedy: s.remedy, Texts: row.texts})
		}
	}
	return all
}
