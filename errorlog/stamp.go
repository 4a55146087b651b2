package errorlog

import (
	"bytes"
	"strconv"
	"time"
)

// A stamp is a time as a log writes it.
type stamp []byte

// yearless is the year of a stamp that has none: one with a 29 February.
const yearless = 2000

// time gives the time of a stamp, or none where it is in no form that is known.
// One without a zone is of local time, and one of RFC 3164 has no year: they
// compare with those of the same log. The forms are
//
//	Wed Nov 25 18:31:20.159754 2026      Apache's %t and %{u}t
//	2026-11-25 18:31:20.159754           Apache's %{cu}t
//	2026-11-25T18:31:20.159754123+01:00  docker, CRI, RFC 5424, rsyslog
//	2026-11-25T18:31:20+0100             journalctl -o short-iso before systemd 255
//	Nov  5 18:31:20                      RFC 3164, journalctl -o short
//	Wed 2026-11-25 18:31:20 UTC          journalctl -o short-full
//	[ 5021.159754]                       journalctl -o short-monotonic
func (s stamp) time() (at time.Time, ok bool) {
	if s.isSinceStart() {
		return s.sinceStart()
	}
	if len(s) < len("Jan _2 15:04:05") || len(s) > 64 {
		return time.Time{}, false
	}
	r := stampReader{rest: s, ok: true}
	if s[0] >= 'A' {
		if _, known := month(s); !known {
			r.skip(len("Wed "))
		}
	}
	year, zone := yearless, time.Duration(0)
	var name time.Month
	var day int
	if r.rest[0] >= 'A' { // Nov 25
		name, r.ok = month(r.rest)
		r.skip(len("Nov "))
		day = r.number(2)
	} else { // 2026-11-25
		year = r.number(4)
		r.skip(len("-"))
		name = time.Month(r.number(2))
		r.skip(len("-"))
		day = r.number(2)
	}
	r.skip(len(" "))
	hour := r.number(2)
	r.skip(len(":"))
	minute := r.number(2)
	r.skip(len(":"))
	second, nano := r.number(2), r.fraction()
	if len(r.rest) == len(" 2026") && r.rest[0] == ' ' && r.rest[1] <= '9' {
		r.skip(len(" "))
		year = r.number(4)
	} else {
		zone = r.zone()
	}
	if !r.ok || name < 1 || name > 12 || day < 1 || day > 31 {
		return time.Time{}, false
	}
	return time.Date(year, name, day, hour, minute, second, nano, time.UTC).Add(-zone), true
}

// isSinceStart tells whether the stamp counts from when the machine was started.
func (s stamp) isSinceStart() bool { return len(s) > 0 && s[0] == '[' }

// sinceStart gives such a time as one of the year of those that have none.
func (s stamp) sinceStart() (at time.Time, ok bool) {
	seconds, fraction, _ := bytes.Cut(bytes.Trim(s, "[ ]"), []byte("."))
	if len(fraction) != len("123456") {
		return time.Time{}, false
	}
	micros, err := strconv.ParseUint(string(seconds)+string(fraction), 10, 52) // 140 years
	if err != nil {
		return time.Time{}, false
	}
	return time.Date(yearless, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(micros) * time.Microsecond), true
}

// month reads the name of a month, of which the first three letters count.
func month(name []byte) (time.Month, bool) {
	switch string(name[:min(3, len(name))]) {
	case "Jan":
		return time.January, true
	case "Feb":
		return time.February, true
	case "Mar":
		return time.March, true
	case "Apr":
		return time.April, true
	case "May":
		return time.May, true
	case "Jun":
		return time.June, true
	case "Jul":
		return time.July, true
	case "Aug":
		return time.August, true
	case "Sep":
		return time.September, true
	case "Oct":
		return time.October, true
	case "Nov":
		return time.November, true
	case "Dec":
		return time.December, true
	}
	return 0, false
}

// A stampReader reads the parts of a stamp.
type stampReader struct {
	rest []byte
	ok   bool // so far
}

func (r *stampReader) skip(n int) {
	if len(r.rest) < n {
		r.rest, r.ok = nil, false
		return
	}
	r.rest = r.rest[n:]
}

// number reads as many digits, the first of which may be a blank.
func (r *stampReader) number(digits int) (n int) {
	if len(r.rest) < digits {
		r.ok = false
		return 0
	}
	for i, c := range r.rest[:digits] {
		switch {
		case c >= '0' && c <= '9':
			n = 10*n + int(c-'0')
		case c != ' ' || i > 0:
			r.ok = false
		}
	}
	r.rest = r.rest[digits:]
	return n
}

// fraction reads what stands after the point of a second, in nanoseconds.
func (r *stampReader) fraction() (nano int) {
	if len(r.rest) == 0 || r.rest[0] != '.' {
		return 0
	}
	r.skip(1)
	for unit := 100_000_000; len(r.rest) > 0 && r.rest[0] >= '0' && r.rest[0] <= '9'; unit /= 10 {
		nano += unit * int(r.rest[0]-'0')
		r.skip(1)
	}
	return nano
}

// zone reads how far a zone is ahead of UTC: "Z", "+01:00", "+0100", or a name,
// which is left out of account.
func (r *stampReader) zone() time.Duration {
	if len(r.rest) < len("+0100") || r.rest[0] != '+' && r.rest[0] != '-' {
		return 0
	}
	sign := time.Duration(1)
	if r.rest[0] == '-' {
		sign = -1
	}
	r.skip(1)
	hours := r.number(2)
	if r.rest[0] == ':' {
		r.skip(1)
	}
	return sign * (time.Duration(hours)*time.Hour + time.Duration(r.number(2))*time.Minute)
}
