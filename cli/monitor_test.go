package cli

import (
	"strings"
	"testing"
)

// TestMonitorIgnoresNoOption gives those that would have no effect.
func TestMonitorIgnoresNoOption(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]monitorCommand{
		"":                              {Socket: "/run/s", Group: []string{"shop"}},
		"--group is for --socket":       {Group: []string{"shop"}},
		"--parent is for --socket":      {Parent: 1},
		"want the process id of Apache": {Socket: "/run/s", Parent: -1},
		"--socket is in the place of ":  {Socket: "/run/s", readFlags: readFlags{Define: []string{"A"}}},
		"leave away what says how":      {Socket: "/run/s", Path: "/etc/apache2"},
	} {
		if err := c.check(); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", c, err, want)
		}
	}
}

// TestMonitorSaysAtOnceWhatItCannotDo names addresses that nothing could be sent to, one of
// them with a password, and a limit without its unit; a name that is not known yet is no
// reason.
func TestMonitorSaysAtOnceWhatItCannotDo(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ option, to, want string }{
		{"--statsd", "127.0.0.1", "--statsd: want HOST:PORT, such as 127.0.0.1:8125"},
		{"--statsd", "127.0.0.1:0", "want HOST:PORT"},
		{"--dogstatsd", ":8125", "--dogstatsd: want HOST:PORT"},
		{"--dogstatsd", "agent:dogstatsd", "want HOST:PORT"},
		{"--otlp", "me:secret@127.0.0.1:4318", "--otlp: want an address such as http://127.0.0.1:4318"},
		{"--statsd", "statsd.invalid:8125", ""},
		{"--max-rss", "500", `--max-rss "500": want a size such as 500M or 2G`},
		{"--max-rss", "shop=500M", ""},
	} {
		var out, messages strings.Builder
		code := run(t.Context(), []string{"monitor", "--socket", "/run/s", "--no-history", "--systemd-unit", test.option, test.to}, &out, &messages)
		if refused := test.want != ""; refused != (code == exitUsage) || !strings.Contains(messages.String(), test.want) || strings.Contains(messages.String(), "secret") {
			t.Errorf("%s %s: exit %d: %s", test.option, test.to, code, messages.String())
		}
	}
}
