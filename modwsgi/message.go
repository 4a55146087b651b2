package modwsgi

import (
	"regexp"
	"slices"
	"strings"
)

// A Message is one thing that the error log can say: a code of mod_wsgi 6, or
// a text without one, of mod_wsgi, Apache or Python, that belongs to the same
// story.
type Message struct {
	ID       string // "WSGI0146"; Apache's own "AH00052"; for a text without code a name, "request-timeout"
	Severity Severity
	Cause    string // what happened
	Meaning  string // what those who use the application notice
	Remedy   string // what to change
	// Texts are how those begin that the log shows without a code: of 4.x and
	// 5.x, of Apache 2.2, of Python. "*" stands for any text. The class of an
	// exception may be left out. "(*)Permission denied: " asks for this error of
	// the system before the text.
	Texts []string
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

// NearestMessage gives the ID that a misspelt one was probably meant to be, or
// "" when none is close.
func NearestMessage(id string) string {
	var ids []string
	for _, m := range messages {
		ids = append(ids, m.ID)
	}
	return nearest(id, ids)
}

// A subject is a group of messages that mean the same to a user and are fixed
// in the same way. The codes are those that the source of 6.1.1 passes to
// WSGI_APLOGNO; 6.0.5 to 6.1.1 have the same ones. The texts are those of the
// sources of 4.9.4 and 5.0.2, which are alike but for one, and those of 6.1.1
// that carry no code; texts of 3.5 and 4.5 where those releases had others, and
// of httpd 2.2, which knew no codes.
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

var messages = flatten(slices.Concat(
	processMessages, applicationMessages, pythonMessages, startMessages, accessMessages, settingMessages, wsgictlMessages))

func flatten(subjects []subject) []Message {
	var all []Message
	for _, s := range subjects {
		for _, row := range s.rows {
			all = append(all, Message{ID: row.id, Severity: s.severity, Cause: row.cause, Meaning: s.meaning, Remedy: s.remedy, Texts: row.texts})
		}
	}
	return all
}
