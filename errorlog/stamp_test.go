package errorlog

import (
	"strings"
	"testing"
	"time"
)

// stampLayouts are the forms of a stamp as package time writes them.
var stampLayouts = []string{
	"Mon Jan 02 15:04:05.000000 2006", "Mon Jan 02 15:04:05 2006", "2006-01-02 15:04:05.000000", "2006-01-02 15:04:05",
	time.RFC3339Nano, time.RFC3339, "2006-01-02T15:04:05-0700", "2006-01-02T15:04:05.000000-0700",
	"Jan _2 15:04:05", "Jan _2 15:04:05.000000", "Mon 2006-01-02 15:04:05 MST", "Mon 2006-01-02 15:04:05.000000 MST",
}

func TestStampsAreReadAsPackageTimeReadsThem(t *testing.T) {
	t.Parallel()
	for _, zone := range []*time.Location{time.UTC, time.FixedZone("IST", 5*3600+1800), time.FixedZone("EST", -5*3600)} {
		for _, at := range []time.Time{
			time.Date(2026, 11, 25, 18, 31, 20, 159754123, zone),
			time.Date(2024, 2, 29, 23, 59, 59, 0, zone),
			time.Date(1999, 1, 5, 0, 0, 0, 1000, zone),
		} {
			for _, layout := range stampLayouts {
				text := at.Format(layout)
				want, err := time.Parse(layout, text)
				if err != nil {
					t.Fatal(err)
				}
				if want.Year() == 0 {
					want = want.AddDate(yearless, 0, 0)
				}
				if got, ok := stamp(text).time(); !ok || !got.Equal(want) {
					t.Errorf("%q: %v, %t, want %v", text, got, ok, want)
				}
			}
		}
	}
}

func TestStampsSinceTheMachineWasStartedCompare(t *testing.T) {
	t.Parallel()
	first, ok := stamp("[    3.159754]").time()
	later, also := stamp("[98765.000001]").time()
	if !ok || !also || later.Sub(first) != 98761*time.Second+840247*time.Microsecond {
		t.Errorf("%v, %v", first, later)
	}
}

func TestWhatIsNoStampHasNoTime(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "wsgi:error", "Wed Nov 25 18:31:2x 2026", "Wed Foo 25 18:31:20 2026", "2026-13-25T18:31:20Z", "2026-11-00T18:31:20Z",
		"client 192.0.2.1:50000", "pod/shop-7d4f/web", "Wed Nov 25 18:31", "26-11-25 18:31:20", "[", "[inf.000000]", "[1e9.000000]", "[99999999999999.000000]", "[-1.000000]",
	} {
		if at, ok := stamp(text).time(); ok {
			t.Errorf("%q: %v", text, at)
		}
	}
}

func FuzzStamp(f *testing.F) {
	for _, layout := range stampLayouts {
		f.Add(time.Date(2026, 11, 25, 18, 31, 20, 159754123, time.UTC).Format(layout))
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := stamp(text).time()
		if strings.Contains(text, ",") { // which package time takes for a point
			return
		}
		for _, layout := range stampLayouts[4:8] {
			if want, err := time.Parse(layout, text); err == nil && ok && !got.Equal(want) {
				t.Errorf("%q: %v, want %v", text, got, want)
			}
		}
	})
}
