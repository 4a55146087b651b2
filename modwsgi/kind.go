package modwsgi

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A Kind is what a value is: it gives the unit, and decides which texts are
// values at all. It is stricter than mod_wsgi, which reads numbers with atoi
// and so takes "60s" as 60 and "1m" as 1 without a word.
type Kind int

// The kinds of values. All numbers are whole, except those of Interval.
const (
	Text         Kind = iota
	Count             // of processes, threads, requests, connections
	Seconds           //
	Milliseconds      //
	Interval          // seconds with a fraction, above zero
	Bytes             //
	Nice              // scheduling priority, -20 to 20
	Octal             // permission bits, such as 0027
	OnOff             //
	User              // a name, or # and a number
	Group             // a name, or # and a number
	Groups            // names with commas between
	Locale            // a locale's name, such as C.UTF-8
	Path              // absolute
	Paths             // absolute, with colons between
	Keyword           // one of the words that the directive's Arguments list
	Threshold         // seconds with a fraction, zero or above
	HashSeed          // "random", or a number of 32 bits
	Address           // of a host, or of a network with its mask
	Socket            // "unix:" and a path
)

var kinds = map[Kind]struct{ name, want string }{
	Text:         {"text", "text on one line"},
	Count:        {"count", "a whole number"},
	Seconds:      {"seconds", "whole seconds without a unit, such as 60"},
	Milliseconds: {"milliseconds", "whole milliseconds without a unit, such as 5"},
	Interval:     {"seconds with a fraction", "seconds above zero, such as 0.005"},
	Bytes:        {"bytes", "whole bytes without a unit, such as 65536"},
	Nice:         {"priority", "a whole number from -20 to 20"},
	Octal:        {"octal", "octal digits, such as 0027"},
	OnOff:        {"On|Off", "On or Off"},
	User:         {"user", "a user's name, or # and a number"},
	Group:        {"group", "a group's name, or # and a number"},
	Groups:       {"groups", "group names with commas between"},
	Locale:       {"locale", "a locale's name, such as C.UTF-8"},
	Path:         {"path", "an absolute path"},
	Paths:        {"paths", "absolute paths with colons between"},
	Keyword:      {"keyword", "one of its words"},
	Threshold:    {"seconds with a fraction", "seconds, zero or above, such as 1.5"},
	HashSeed:     {"seed", "random, or a number from 0 to 4294967295"},
	Address:      {"address", "an IP address, or a network such as 10.0.0.0/8"},
	Socket:       {"socket", "unix: and the path of a socket"},
}

// String names the kind as the reference page does.
func (k Kind) String() string { return kinds[k].name }

// Placeholder stands for a value in a line of help: SECONDS.
func (k Kind) Placeholder() string {
	unit, _, _ := strings.Cut(k.String(), " ")
	return strings.ToUpper(unit)
}

// limits bound a number. Zero means the default to most options, so that it is
// allowed below least unless nought is false.
type limits struct {
	least, most int64
	nought      bool
	long        bool    // the number has 64 bits
	fraction    float64 // the least of an Interval, which is above zero in any case
	absolute    bool    // mod_wsgi refuses a path that is not
	notRoot     bool
	empty       bool // mod_wsgi takes a text that is empty
}

// check reports what is wrong with a value of the kind, as the words that
// follow "want"; "" when nothing is.
func (k Kind) check(value string, l limits) string {
	want := kinds[k].want
	good := false
	switch k {
	case Count, Seconds, Milliseconds, Bytes:
		return checkNumber(value, want, l)
	case Nice:
		n, err := strconv.Atoi(value)
		good = err == nil && -20 <= n && n <= 20
	case Interval:
		n, err := strconv.ParseFloat(value, 64)
		good = err == nil && n > 0 && !math.IsInf(n, 0)
	case Octal:
		_, err := strconv.ParseUint(value, 8, 12)
		good = err == nil
	case OnOff:
		good = strings.EqualFold(value, "On") || strings.EqualFold(value, "Off")
	case Path:
		good = strings.HasPrefix(value, "/")
	case Paths:
		good = true
		for path := range strings.SplitSeq(value, ":") {
			good = good && strings.HasPrefix(path, "/")
		}
	case User, Group, Groups, Locale:
		good = value != "" && !strings.ContainsAny(value, " \t")
	case Text:
		good = value != ""
	}
	if !good || strings.ContainsAny(value, "\n\r\x00") {
		return want
	}
	return ""
}

func checkNumber(value, want string, l limits) string {
	n, err := strconv.ParseUint(value, 10, 63)
	if err != nil {
		return want
	}
	if n == 0 && l.nought {
		return ""
	}
	most := l.most
	if most == 0 {
		most = math.MaxInt32 // mod_wsgi keeps them in an int
	}
	switch {
	case int64(n) > most:
		return fmt.Sprintf("at most %d", most)
	case int64(n) < l.least && l.nought:
		return fmt.Sprintf("0, or at least %d", l.least)
	case int64(n) < l.least:
		return fmt.Sprintf("at least %d", l.least)
	}
	return ""
}
