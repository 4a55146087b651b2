package monitor

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/monitor/history"
)

// TestHistorySurvivesARestart asks a second monitor for what the first one saw of a real
// server: a request, and a process that was killed.
func TestHistorySurvivesARestart(t *testing.T) {
	t.Parallel()
	w := watch(t, releases[0])
	w.Get("", "/")
	pid := w.shop(t, "a request", func(g Group) bool { return g.Totals.Requests == 1 && len(g.Processes) == 1 }).Processes[0].PID
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	w.shop(t, "it is gone", func(g Group) bool { return g.Totals.Restarts == 1 })
	var seen History
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if seen = historyOf(t, w.Monitor, "shop"); sums(seen).Restarts == 1 {
			break
		}
	}
	w.closed()
	store, err := history.Open(filepath.Join(w.Root, "history"), func(text string) { t.Error(text) })
	if err != nil {
		t.Fatal(err)
	}
	second, err := Start(Options{Socket: filepath.Join(t.TempDir(), "s"), History: store})
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	again := historyOf(t, second, "shop")
	if a, b := sums(seen), sums(again); a != b || a.Restarts != 1 || a.Requests != 1 || a.Memory < 1<<20 || a.Threads < 2 {
		t.Errorf("%+v, after the restart %+v", a, b)
	}
	if none := historyOf(t, second, "none"); len(none.Points) != 0 || none.Version != 1 {
		t.Errorf("%+v", none)
	}
}

// sums are the sums of a history, and the most of what has none.
func sums(h History) Point {
	var all Point
	for _, p := range h.Points {
		all.Requests += p.Requests
		all.Restarts += p.Restarts
		all.Memory, all.Threads = max(all.Memory, p.Memory), max(all.Threads, p.Threads)
	}
	return all
}

func historyOf(t *testing.T, m *Monitor, group string) History {
	t.Helper()
	answer := askHistory(m, url.Values{"group": {group}, "points": {"2000"}}.Encode())
	var h History
	if err := json.Unmarshal(answer.Body.Bytes(), &h); err != nil || answer.Code != http.StatusOK {
		t.Fatalf("%d %s: %v", answer.Code, answer.Body, err)
	}
	return h
}

func askHistory(m *Monitor, query string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "http://localhost/api/v1/history?"+query, nil)
	answer := httptest.NewRecorder()
	m.Handler("").ServeHTTP(answer, r)
	return answer
}

// TestHistoryHasBounds asks for what there cannot be.
func TestHistoryHasBounds(t *testing.T) {
	t.Parallel()
	store, err := history.Open(t.TempDir(), func(text string) { t.Error(text) })
	if err != nil {
		t.Fatal(err)
	}
	m, err := Start(Options{Socket: filepath.Join(t.TempDir(), "s"), History: store})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	for query, want := range map[string]string{
		"":                                     "name a group",
		"group=&points=0":                      "want 1 to 2000",
		"group=&points=2001":                   "want 1 to 2000",
		"group=&from=yesterday":                "from: want a time such as 20",
		"group=&to=2001-01-01T00:00:00Z":       "want a time before that of to",
		"group=&from=0001-01-01T00:00:00Z":     `"points": []`,
		"group=shop&to=9999-12-31T23:59:59Z":   `"step": `,
		"group=shop&from=2999-01-01T00:00:00Z": "want a time before that of to",
	} {
		answer := askHistory(m, query)
		if isFine := strings.HasPrefix(want, `"`); !strings.Contains(answer.Body.String(), want) || isFine != (answer.Code == http.StatusOK) {
			t.Errorf("%s: %d %s", query, answer.Code, answer.Body)
		}
	}
	silent, err := Start(Options{Socket: filepath.Join(t.TempDir(), "s")})
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	if answer := askHistory(silent, "group="); answer.Code != http.StatusNotFound {
		t.Errorf("%d %s", answer.Code, answer.Body)
	}
}
