package modwsgi

import (
	"testing"
	"time"
)

func TestRequestTimeoutMakesRecoveryBeginWhenWanted(t *testing.T) {
	t.Parallel()
	tests := []struct {
		release   string
		threads   int
		value     int
		oneThread time.Duration
		text      string
	}{
		{"6.1.1", 5, 23, 60 * time.Second, "fires after 23 × (1 + ln 5) = 60 s"},
		{"6.0.0", 15, 16, 59300 * time.Millisecond, "fires after 16 × (1 + ln 15) = 59 s"},
		{"6.1.1", 1, 60, 60 * time.Second, "fires after 60 s"},
		{"5.0.2", 5, 60, 300 * time.Second, "fires after 60 s, for one thread of 5 alone after 60 × 5 = 300 s"},
		{"4.9.4", 1, 60, 60 * time.Second, "fires after 60 s"},
	}
	for _, test := range tests {
		got := RequestTimeoutFor(MustParseRelease(test.release), test.threads, time.Minute)
		if got.Value != test.value || got.FiresAfter(1) != test.oneThread || got.String() != test.text {
			t.Errorf("%s with %d threads: %d, one thread %v, %q; want %d, %v, %q", test.release, test.threads,
				got.Value, got.FiresAfter(1), got.String(), test.value, test.oneThread, test.text)
		}
		if off := got.Recovery() - time.Minute; off.Abs() > time.Minute/10 {
			t.Errorf("%s with %d threads recovers after %v", test.release, test.threads, got.Recovery())
		}
	}
}

func TestRequestTimeoutOfExpressDefaultIsFarFromItsName(t *testing.T) {
	t.Parallel()
	got := RequestTimeout{Release: Newest, Threads: 5, Value: 60}.Recovery()
	if want := 156600 * time.Millisecond; got != want {
		t.Errorf("recovery after %v, want %v", got, want)
	}
}

func TestRecommendedHoldsOnlyWhatTheReleaseKnows(t *testing.T) {
	t.Parallel()
	for _, release := range []string{"2.8", "4.5.0", "4.9.4", "5.0.2", "6.1.1"} {
		r := MustParseRelease(release)
		settings, err := Recommended(r, 5, DefaultRecovery)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range settings {
			option, err := LookupDaemonOption(s.Name, r)
			if err != nil {
				t.Errorf("%s: %v", release, err)
			}
			if err := option.Check(s.Value); err != nil {
				t.Errorf("%s: %v", release, err)
			}
			if s.Reason == "" {
				t.Errorf("%s: %s has no reason", release, s.Name)
			}
		}
	}
}

func TestRecommendedRefusesThreadsThatServeNothing(t *testing.T) {
	t.Parallel()
	for _, threads := range []int{-1, 0, 65534} {
		if _, err := Recommended(Newest, threads, DefaultRecovery); err == nil {
			t.Errorf("a profile for %d threads", threads)
		}
	}
}

func TestRecoveryLeavesSlowClientsTheirTime(t *testing.T) {
	t.Parallel()
	for _, client := range []struct{ bytes, rate float64 }{
		{8e6, 90e3},       // an upload
		{10 << 20, 60e3},  // the largest body that setup-server accepts by default
		{20 << 20, 180e3}, // a download
		{20 << 20, 120e3},
	} {
		if seconds := client.bytes / client.rate; seconds >= DefaultRecovery.Seconds() {
			t.Errorf("%.0f bytes at %.0f a second take %.0f s, more than %v", client.bytes, client.rate, seconds, DefaultRecovery)
		}
	}
}
