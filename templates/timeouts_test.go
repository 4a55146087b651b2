package templates_test

import (
	"strings"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/templates"
)

// asking is a daemon process group with settings as NAME=VALUE.
func asking(words string) templates.Daemon {
	d := templates.Daemon{Name: "shop", Release: modwsgi.Newest}
	for word := range strings.FieldsSeq(words) {
		name, value, _ := strings.Cut(word, "=")
		if name == "recovery" {
			d.Recovery, _ = time.ParseDuration(value)
			continue
		}
		d.Settings = append(d.Settings, modwsgi.Setting{Name: name, Value: value})
	}
	return d
}

func TestTimeoutsMoveWithWhatWasAskedFor(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ asked, want string }{
		{"", "request-timeout=69 socket-timeout=60"},                    // 69 × (1 + ln 5) = 180 s
		{"recovery=120s", "request-timeout=46 socket-timeout=165"},      // after 45 s in the queue
		{"recovery=30s", "request-timeout=11 socket-timeout=60"},        // nothing is undercut
		{"request-timeout=46", "request-timeout=46 socket-timeout=165"}, // the value itself
		{"request-timeout=0", "request-timeout=0 socket-timeout=60"},    // stuck requests are left alone, and not waited for
		{"recovery=120s queue-timeout=0", "request-timeout=46 socket-timeout=120"},
		{"queue-timeout=120", "request-timeout=69 socket-timeout=135"},
		{"socket-timeout=300", "request-timeout=115 socket-timeout=300"},
		{"startup-timeout=300", "request-timeout=115 socket-timeout=60"},
		{"response-socket-timeout=300", "request-timeout=115 socket-timeout=300"},
		{"recovery=120s socket-timeout=60", "request-timeout=46 socket-timeout=60"}, // for slow clients of a quick application
		{"recovery=30s socket-timeout=300", "request-timeout=11 socket-timeout=300"},
	} {
		options, err := asking(test.asked).Options()
		if err != nil {
			t.Errorf("%s: %v", test.asked, err)
		}
		var got []string
		for _, o := range options {
			if o.Name == "request-timeout" || o.Name == "socket-timeout" {
				got = append(got, o.Name+"="+o.Value)
			}
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: %v, want %s", test.asked, got, test.want)
		}
	}
}

func TestTimeoutsThatCouldNeverActAreRefused(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ asked, want string }{
		{"queue-timeout=120 socket-timeout=60", "Apache waits no longer than 60 s for a request in the queue"},
		{"response-socket-timeout=120 socket-timeout=60", "the daemon waits no longer than 60 s"},
		{"interrupt-timeout=15 request-timeout=0", "no request ever counts as stuck"},
		{"deadlock-timeout=0", "switches off the thread that watches"},
	} {
		if _, err := asking(test.asked).Options(); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.asked, err, test.want)
		}
	}
}

// TestDefaultsTakeThePlaceOfTheProfile: what follows from other times does so
// with them too, and one process stays named, as mod_wsgi-express has it.
func TestDefaultsTakeThePlaceOfTheProfile(t *testing.T) {
	t.Parallel()
	defaults := []modwsgi.Setting{{Name: "threads", Value: "5"}, {Name: "socket-timeout", Value: "60"}}
	for _, test := range []struct{ asked, want string }{
		{"", "threads=5 request-timeout=69 socket-timeout=60"},
		{"processes=1 threads=1", "processes=1 threads=1 request-timeout=180 socket-timeout=60"},
		{"recovery=120s", "threads=5 request-timeout=46 socket-timeout=120"},
		{"request-timeout=0 queue-timeout=0", "threads=5 request-timeout=0 queue-timeout=0 socket-timeout=60"},
	} {
		daemon := asking(test.asked)
		daemon.Defaults = defaults
		options, err := daemon.Options()
		if err != nil {
			t.Errorf("%s: %v", test.asked, err)
		}
		var got []string
		for _, o := range options {
			got = append(got, o.Name+"="+o.Value)
		}
		if strings.Join(got, " ") != test.want {
			t.Errorf("%s: %v, want %s", test.asked, got, test.want)
		}
	}
	if got := (templates.Daemon{Defaults: defaults}).Capacity(); got != 5 {
		t.Errorf("works on %d requests at a time, want 5: one process", got)
	}
}
