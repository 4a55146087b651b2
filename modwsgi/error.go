package modwsgi

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// A NameError is a name that a release does not know: it came later, has gone,
// is called something else by now, or never existed.
type NameError struct {
	What    string // "option", "directive"
	Name    string
	Release Release // the one asked about
	Span    Span    // the releases that know it; zero when none does
	Renamed string  // its name from Span.Removed on
	Nearest string  // the known name that it was probably meant to be
}

// Error says which it is, and what to write instead where that is known.
func (e *NameError) Error() string {
	switch {
	case e.Span.Since.IsZero() && e.Nearest != "":
		return fmt.Sprintf("unknown %s %s: did you mean %s?", e.What, e.Name, e.Nearest)
	case e.Span.Since.IsZero():
		return fmt.Sprintf("unknown %s %s", e.What, e.Name)
	case e.Release.Predates(e.Span.Since):
		return fmt.Sprintf("%s needs mod_wsgi %s, this is %s", e.Name, e.Span.Since, e.Release)
	case e.Renamed != "":
		return fmt.Sprintf("%s was renamed %s in %s", e.Name, e.Renamed, e.Span.Removed)
	default:
		return fmt.Sprintf("%s was removed in mod_wsgi %s, this is %s", e.Name, e.Span.Removed, e.Release)
	}
}

// A ValueError is a value that its option does not take.
type ValueError struct {
	Name, Value string
	Want        string // "whole seconds without a unit, such as 60"
}

// Error shows the setting and says what would be right. It stays on one line.
func (e *ValueError) Error() string {
	return fmt.Sprintf("%s=%s: want %s", e.Name, shown(e.Value), e.Want)
}

// shown is what a user wrote, quoted where it would not stay on its line.
func shown(text string) string {
	if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(text)
	}
	return text
}
