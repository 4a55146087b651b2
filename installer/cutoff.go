package installer

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

var (
	isoSpan = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$`)
	})
	friendlySpan = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)^(?:(\d+)\s*w(?:(?:ee)?ks?)?)?[\s,]*(?:(\d+)\s*d(?:ays?)?)?[\s,]*(?:(\d+)\s*h(?:(?:ou)?rs?)?)?[\s,]*(?:(\d+)\s*m(?:in(?:ute)?s?)?)?[\s,]*(?:(\d+)\s*s(?:ec(?:ond)?s?)?)?(?:\s+ago)?$`)
	})
	spanUnits = []time.Duration{7 * 24 * time.Hour, 24 * time.Hour, time.Hour, time.Minute, time.Second}
)

// cutoff is the time that a setting of pip or uv names: a date of RFC 3339, a day
// of this time zone, to which a duration is added, or a span before now, as
// "7 days" or "P7D".
func cutoff(text string, now time.Time, day time.Duration) (time.Time, error) {
	text = strings.TrimSpace(text)
	for _, form := range []string{time.RFC3339, "2006-01-02 15:04:05Z07:00"} {
		if at, err := time.Parse(form, text); err == nil {
			return at, nil
		}
	}
	for _, form := range []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04"} {
		if at, err := time.ParseInLocation(form, text, now.Location()); err == nil {
			return at, nil
		}
	}
	if at, err := time.ParseInLocation(time.DateOnly, text, now.Location()); err == nil {
		return at.Add(day), nil
	}
	for _, form := range []*regexp.Regexp{isoSpan(), friendlySpan()} {
		if parts := form.FindStringSubmatch(text); parts != nil && strings.ContainsAny(text, "0123456789") {
			return now.Add(-spanOf(parts[1:])), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no time such as 2026-01-31T00:00:00Z, no day such as 2026-01-31, and no span such as 7 days", text)
}

func spanOf(parts []string) time.Duration {
	var span time.Duration
	for i, part := range parts {
		if number, err := strconv.ParseInt(part, 10, 32); err == nil {
			span += time.Duration(number) * spanUnits[i]
		}
	}
	return span
}
