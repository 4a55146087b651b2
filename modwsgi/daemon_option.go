package modwsgi

import (
	"math"
	"strings"
)

// A DaemonOption is one option=value of WSGIDaemonProcess.
type DaemonOption struct {
	Name    string
	Kind    Kind
	Meaning string // what it sets, in a few words
	Span
	Least, Most int64  // bounds of a number; Most 0 for what fits an int
	NotZero     bool   // 0 is refused; to other numbers it means off or the default
	NotRoot     bool   // root is refused
	Listed      bool   // of groups: a number, too, must be that of a group of the host, as it must for all users
	Absolute    bool   // of paths: one that does not begin with "/" is refused
	Renamed     string // its name since Removed
	Default     string // what holds without it
	Recommended string // value for production; empty: leave it out
	Reason      string // for the recommendation, short enough for a comment
}

// Sentence is the meaning as the beginning of a sentence, without its end.
func (o DaemonOption) Sentence() string { return strings.ToUpper(o.Meaning[:1]) + o.Meaning[1:] }

// Check reports a value that the option does not take as a *ValueError. A few
// values pass mod_wsgi and not this check: mod_wsgi reads "60s" as 60 and
// "sixty" as 0.
func (o DaemonOption) Check(value string) error {
	want := o.Kind.check(value, o.limits())
	if want == "" {
		return nil
	}
	return &ValueError{Name: o.Name, Value: value, Want: want}
}

// Refuses reports a value with which Apache does not start, as a *ValueError:
// what wsgi_add_daemon_process itself refuses, whatever the host.
func (o DaemonOption) Refuses(value string) error {
	want := o.Kind.refuses(value, o.limits())
	if want == "" {
		return nil
	}
	return &ValueError{Name: o.Name, Value: value, Want: want}
}

// Number is what mod_wsgi reads a value of the option as.
func (o DaemonOption) Number(value string) int {
	if o.limits().long {
		return int(longNumber(value))
	}
	return Number(value)
}

func (o DaemonOption) limits() limits {
	return limits{
		least: o.Least, most: o.Most, nought: !o.NotZero, long: o.Most == math.MaxInt64,
		absolute: o.Absolute, notRoot: o.NotRoot, empty: o.Kind == Text,
	}
}

// DaemonOptions gives the options of WSGIDaemonProcess that a release knows,
// in the order in which configuration lists them best: who and where first,
// then Python, size, timeouts and the rest.
func DaemonOptions(r Release) []DaemonOption {
	var known []DaemonOption
	for _, o := range daemonOptions {
		if o.Knows(r) {
			known = append(known, o)
		}
	}
	return known
}

// LookupDaemonOption finds an option by name. When the release does not know
// it, the error is a *NameError that says since when, until when, or what was
// probably meant.
func LookupDaemonOption(name string, r Release) (DaemonOption, error) {
	for _, o := range daemonOptions {
		switch {
		case o.Name != name:
		case o.Knows(r):
			return o, nil
		default:
			return DaemonOption{}, &NameError{What: "option", Name: name, Release: r, Span: o.Span, Renamed: o.Renamed}
		}
	}
	var names []string
	for _, o := range DaemonOptions(r) {
		names = append(names, o.Name)
	}
	return DaemonOption{}, &NameError{What: "option", Name: name, Release: r, Nearest: nearest(name, names)}
}
