package cli

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/monitor"
	"github.com/wsgictl/wsgictl/monitor/stacks"
)

// monitorThatSays is one whose processes gave this text wherever they can.
func (h *testHost) monitorThatSays(text string) (url string) {
	h.t.Helper()
	report := monitor.AtHand{
		Version: 1, Asked: 2, Waiting: map[string]int{text: 1},
		Requests: []monitor.AtHandRequest{{Group: text, PID: 1, Request: monitor.Request{Start: time.Unix(0, 0), Age: 1, Method: text, Host: text, Path: text, Client: text, LogID: text}, Stack: []stacks.Call{{File: text, Function: text, Code: text}}}},
		Silent:   []monitor.SilentProcess{{Group: text, Late: text}},
	}
	view := monitor.View{Version: 1, Groups: []monitor.Group{{
		Name: text, Processes: []monitor.Process{{PID: 1, Stopping: text, Requests: []monitor.Request{report.Requests[0].Request}}},
	}}}
	answers := http.NewServeMux()
	answers.HandleFunc("/api/v1/view", func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(view) })
	answers.HandleFunc("/api/v1/requests", func(w http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(w).Encode(report) })
	server := httptest.NewServer(answers)
	h.t.Cleanup(server.Close)
	return server.URL
}

// TestStuckTellsTheAnswerFirst asks a monitor for what hangs.
func TestStuckTellsTheAnswerFirst(t *testing.T) {
	t.Parallel()
	calls := []stacks.Call{{File: "/srv/outer.py", Line: 1, Function: "outer", Code: "a()"}}
	for range 8 {
		calls = append(calls, stacks.Call{File: "/srv/app.py", Line: 5, Function: "application", Code: "time.sleep(1)"})
	}
	report := monitor.AtHand{
		Version: 1, Asked: 3, Waiting: map[string]int{"shop": 2},
		Requests: []monitor.AtHandRequest{
			{Group: "shop", PID: 7, Request: monitor.Request{Age: 34.23, Thread: 2, Method: "GET", Host: "shop.example.org", Path: "/report", Client: "10.0.0.7"}, Stack: calls},
		},
		Silent: []monitor.SilentProcess{{Group: "shop", PID: 8, Late: "Timeout (0:00:05)!\nThread 0x1 (most recent call first):\n  File \"/srv/app.py\", line 7 in compute\n"}, {Group: "shop", PID: 9}},
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/v1/requests" || r.URL.RawQuery != "group=shop+1" {
			t.Errorf("asked for %s", r.URL)
		}
		_ = json.NewEncoder(w).Encode(report)
	}))
	defer server.Close()
	var out, messages strings.Builder
	if code := run(t.Context(), []string{"stuck", "shop 1", "--url", server.URL + "/"}, &out, &messages); code != 0 {
		t.Fatalf("%d: %s", code, messages.String())
	}
	const want = `1 request at hand in 1 process, the oldest for 34.2 s; 2 processes without an answer; 2 requests without a thread

   34.2 s  GET shop.example.org/report  from 10.0.0.7; shop, process 7, thread 2
           /srv/app.py:5 in application: time.sleep(1)
           /srv/app.py:5 in application: time.sleep(1)
           /srv/app.py:5 in application: time.sleep(1)
           /srv/app.py:5 in application: time.sleep(1)
           /srv/app.py:5 in application: time.sleep(1)
           /srv/app.py:5 in application: time.sleep(1)
           and 3 outer calls; --all shows them

process 8 of shop does not answer: C code keeps the GIL, or the process is stopped
           Timeout (0:00:05)!
           Thread 0x1 (most recent call first):
             File "/srv/app.py", line 7 in compute

process 9 of shop does not answer: C code keeps the GIL, or the process is stopped
           ask again after 5 seconds: Python's faulthandler says then where it is
`
	if out.String() != want {
		t.Errorf("%s\nwant:\n%s", out.String(), want)
	}
}

// TestStuckWithoutAnAnswer says what to do.
func TestStuckWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	answers := func(status int, text string) string {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = w.Write([]byte(text))
		}))
		t.Cleanup(server.Close)
		return server.URL
	}
	gone := httptest.NewServer(nil)
	gone.Close()
	for _, test := range []struct {
		url, want string
		code      int
	}{
		{gone.URL, "does it run? \"wsgictl monitor\" starts one", 1},
		{answers(401, ""), "it wants its token", 1},
		{answers(404, ""), "it answers 404 Not Found", 1},
		{answers(200, "<html>"), "its answer cannot be read", 1},
		{answers(200, "{}"), "knows no process that can be asked; load the file of \"wsgictl telemetry-script\"", 1},
		{"127.0.0.1:8888", "want an address such as http://127.0.0.1:8888", 2},
		{"http://me:secret@127.0.0.1:8888", "without user and password", 2},
		{answers(302, ""), "it answers 302 Found", 1},
	} {
		var out, messages strings.Builder
		if code := run(t.Context(), []string{"stuck", "--url", test.url}, &out, &messages); code != test.code || !strings.Contains(messages.String(), test.want) || out.Len() != 0 {
			t.Errorf("%s: %d, %s%s", test.url, code, out.String(), messages.String())
		}
	}
}

// TestNobodyForgesALineOfStuck has everything that clients and processes say look like
// requests.
func TestNobodyForgesALineOfStuck(t *testing.T) {
	t.Parallel()
	const forged = "/\n\n  999.9 s  POST other.example.org/\r"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(monitor.AtHand{
			Version: 1, Asked: 1,
			Requests: []monitor.AtHandRequest{{
				Group: forged, PID: 7, Request: monitor.Request{Method: forged, Host: forged, Path: forged, Client: forged},
				Stack: []stacks.Call{{File: forged, Function: forged, Code: forged}},
			}},
			Silent: []monitor.SilentProcess{{Group: forged, PID: 8}},
		})
	}))
	defer server.Close()
	var out, messages strings.Builder
	if code := run(t.Context(), []string{"stuck", "--url", server.URL}, &out, &messages); code != 0 {
		t.Fatalf("%d: %s", code, messages.String())
	}
	if text := out.String(); strings.Count(text, "\n") != 7 || strings.Contains(text, "\n  999.9 s") || !strings.Contains(text, `/\n\n  999.9 s  POST other.example.org/\r`) {
		t.Errorf("%q", text)
	}
}
