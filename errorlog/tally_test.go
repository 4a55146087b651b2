package errorlog

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/modwsgi"
)

// at is a line of an error log, some seconds after the minute.
func at(second int, text string) string {
	return fmt.Sprintf("[Wed Nov 25 18:31:%02d.000000 2026] [wsgi:error] [pid 1:tid 1] %s", second, text)
}

func TestTallyPutsTheWorstFirst(t *testing.T) {
	t.Parallel()
	var tally Tally
	for i := range 3 {
		tally.Add([]byte(at(i, "WSGI0145: Timeout when reading response headers from daemon process 'a'.")))
	}
	tally.Add([]byte(at(4, "WSGI0079: Unsupported locale setting")))
	tally.Add([]byte(at(5, "WSGI0109: Unable to execute Python script file '/srv/app.wsgi'.")))
	tally.Add([]byte(at(6, "printed by the application")))
	var got []string
	for _, e := range tally.Entries() {
		got = append(got, fmt.Sprintf("%s %d", e.ID, e.Count))
	}
	if diff := cmp.Diff([]string{"WSGI0109 1", "WSGI0145 3", "WSGI0079 1"}, got); diff != "" {
		t.Error(diff)
	}
	if tally.Lines != 6 || tally.Explained != 5 {
		t.Errorf("%d lines, %d explained", tally.Lines, tally.Explained)
	}
}

func TestTallyTellsWhyAProcessWasGone(t *testing.T) {
	t.Parallel()
	const lost = "WSGI0146: Daemon process 'shop' closed connection before sending complete response headers."
	tests := []struct {
		name string
		log  []string
		want map[string]int
	}{
		{"a timer, seconds before", []string{at(10, "Daemon process request time limit exceeded, stopping daemon process 'shop'."), at(15, "Aborting daemon process 'shop'."), at(15, lost), at(15, lost)}, map[string]int{"request-timeout": 2}},
		{"a crash, noticed after", []string{at(10, lost), at(11, "AH00052: child pid 9 exit signal Segmentation fault (11)")}, map[string]int{"AH00052": 1}},
		{"one crash, and one request lost before", []string{at(10, lost), at(12, lost), at(12, "AH00052: child pid 9 exit signal Segmentation fault (11)")}, map[string]int{"AH00052": 1}},
		{"one crash of a process that served several", []string{at(10, lost), at(10, lost), at(11, "AH00052: child pid 9 exit signal Segmentation fault (11)")}, map[string]int{"AH00052": 2}},
		{"a crash before", []string{at(10, "AH00052: child pid 9 exit signal Segmentation fault (11)"), at(12, lost)}, nil},
		{"two crashes", []string{at(9, lost), at(10, lost), at(10, "AH00052: child pid 9 exit signal Segmentation fault (11)"), at(11, "AH00052: child pid 8 exit signal Aborted (6)")}, map[string]int{"AH00052": 2}},
		{"a timer of another group", []string{at(10, "Daemon process deadlock timer expired, stopping daemon process 'blog'."), at(11, lost)}, nil},
		{"a timer long ago", []string{at(10, "Daemon process deadlock timer expired, stopping daemon process 'shop'."), at(40, lost)}, nil},
		{"nothing", []string{at(10, lost)}, nil},
		{"without times", []string{lost, "AH00052: child pid 9 exit signal Segmentation fault (11)"}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var tally Tally
			for _, line := range test.log {
				tally.Add([]byte(line))
			}
			for _, e := range tally.Entries() {
				if e.ID != "WSGI0146" {
					continue
				}
				if diff := cmp.Diff(test.want, e.Because); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

func TestNoMessageIsShorterThanTheShortest(t *testing.T) {
	t.Parallel()
	for _, m := range modwsgi.Messages() {
		for _, text := range append(m.Texts, m.ID+":") {
			if len(text) < shortestMessage {
				t.Errorf("%s: %q", m.ID, text)
			}
		}
	}
}

// Of an exception that has been announced the next line tells, however short.
func TestShortLineEndsATraceback(t *testing.T) {
	t.Parallel()
	var tally Tally
	tally.AddLines([]byte("WSGI0174: Exception occurred processing WSGI script 'a'.\nx\nOSError: mod_wsgi client connection closed\n"))
	var got []string
	for _, e := range tally.Entries() {
		got = append(got, fmt.Sprintf("%s %d", e.ID, e.Count))
	}
	if diff := cmp.Diff([]string{"WSGI0174 1", "client-gone 1"}, got); diff != "" {
		t.Error(diff)
	}
}
