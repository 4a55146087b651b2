package errorlog

import "time"

// A stamp is a time as a log writes it.
type stamp []byte

// layouts are the forms of a stamp. One without a zone is of local time, and
// one of RFC 3164 has no year: they compare with those of the same log.
var layouts = []string{
	"Mon Jan 02 15:04:05 2006",    // Apache's %t and %{u}t
	"2006-01-02 15:04:05",         // Apache's %{c}t
	time.RFC3339,                  // docker, CRI, RFC 5424, rsyslog, journalctl -o short-iso
	"2006-01-02T15:04:05Z0700",    // journalctl -o short-iso before systemd 255
	"Jan _2 15:04:05",             // RFC 3164, journalctl -o short
	"Mon 2006-01-02 15:04:05 MST", // journalctl -o short-full
}

// yearless is the year of a stamp that has none: one with a 29 February.
const yearless = 2000

// time gives the time of a stamp, or none where it is in no form that is known.
func (s stamp) time() (at time.Time, ok bool) {
	if len(s) == 0 || len(s) > len("Mon 2006-01-02 15:04:05.000000000 +0000") {
		return time.Time{}, false
	}
	text := string(s)
	for _, layout := range layouts {
		if at, err := time.Parse(layout, text); err == nil {
			if at.Year() == 0 {
				at = at.AddDate(yearless, 0, 0)
			}
			return at, true
		}
	}
	return time.Time{}, false
}
