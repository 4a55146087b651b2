package modwsgictl_test

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	modwsgictl "github.com/wsgictl/wsgictl/mod_wsgictl"
	"github.com/wsgictl/wsgictl/modwsgi"
)

var (
	logged      = regexp.MustCompile(`ap_log_\w+\([^"]*"(wsgictl: [^"]*)"`)
	logs        = regexp.MustCompile(`ap_log_\w+\(`)
	placeholder = regexp.MustCompile(`%l?[dsu]`)
)

// ofPython are those of the files that "wsgictl telemetry-script" and "ready-script" print.
var ofPython = []string{"slow-request", "max-rss", "not-ready"}

// TestEveryMessageIsExplained by "wsgictl explain", and it knows no others.
func TestEveryMessageIsExplained(t *testing.T) {
	t.Parallel()
	var got, want []string
	files, err := fs.Glob(modwsgictl.Source, "source/*.c")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		source, err := fs.ReadFile(modwsgictl.Source, file)
		if err != nil {
			t.Fatal(err)
		}
		messages := logged.FindAllSubmatch(source, -1)
		if n := len(logs.FindAll(source, -1)); n != len(messages) {
			t.Errorf("%s: %d calls that log, of which %d begin with the module's name", file, n, len(messages))
		}
		for _, found := range messages {
			for _, number := range []string{"0", "7"} { // how many requests a reload cut off
				text := placeholder.ReplaceAllString(string(found[1]), number)
				if m := modwsgi.Explain([]byte(text), ""); m != nil {
					got = append(got, m.ID)
				} else {
					t.Errorf("%s: not explained: %s", file, text)
				}
			}
		}
	}
	for _, m := range modwsgi.Messages() {
		if len(m.Texts) > 0 && strings.HasPrefix(m.Texts[0], "wsgictl: ") && !slices.Contains(ofPython, m.ID) {
			want = append(want, m.ID)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, slices.Compact(got)); diff != "" {
		t.Errorf("what is explained (-) and what the module says (+):\n%s", diff)
	}
}
