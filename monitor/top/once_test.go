package top

import (
	"strings"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/monitor"
)

// now is when the view of the tests was made.
var now = time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)

// shop is a view of a group of two processes, of which one has a request that is slow.
func shop() monitor.View {
	waiting := 1
	usage := func(cpu float64, rss uint64) *monitor.Usage {
		return &monitor.Usage{Started: now.Add(-3 * time.Hour), CPUSeconds: cpu, Threads: 8, RSS: rss}
	}
	threads := []monitor.Thread{{Elapsed: 34.2}, {Elapsed: 0.1}, {}, {}, {}}
	slow := monitor.Request{Start: now, Age: 34.2, Thread: 2, Method: "GET", Host: "shop.example.org", Path: "/report", Client: "10.0.0.7"}
	return monitor.View{Version: 1, At: now, Groups: []monitor.Group{{
		Name: "shop", Threads: 10, Busy: 3, Capacity: 0.31, Waiting: &waiting, Rate: 12.4, CPU: 0.18, Memory: monitor.Memory{Bytes: 123e6, Kind: "rss"},
		Latency: map[string]monitor.Times{"total": {P50: 0.015, P95: 0.21, P99: 1.3}},
		Processes: []monitor.Process{
			{PID: 4711, Capacity: 0.4, Rate: 5.9, CPU: 0.09, Threads: threads, Usage: usage(34, 62e6), Requests: []monitor.Request{slow}},
			{PID: 4712, Capacity: 0.22, Rate: 6.5, CPU: 0.09, Threads: threads[1:], Usage: usage(33.1, 61e6)},
		},
	}}}
}

func same(s string) string { return s }

func TestWriteGivesTheAnswerFirst(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := Write(&out, shop(), same); err != nil {
		t.Fatal(err)
	}
	const want = `1 group, 2 processes: 3 of 10 threads busy, 1 request without one

GROUP  PROC  BUSY  WAIT  CAP  REQ/S   P50    P95   P99  CPU   MEM  RST
shop      2  3/10     1  31%   12.4  15ms  210ms  1.3s  18%  123M    0

 PID  GROUP  BUSY  CAP  REQ/S  CPU  CPUTIME  MEM  KIND  OSTHR  AGE  STATE
4711  shop    2/5  40%    5.9   9%    34.0s  62M  RSS       8   3h  runs
4712  shop    1/4  22%    6.5   9%    33.1s  61M  RSS       8   3h  runs

  AGE  METHOD  URL                      CLIENT    GROUP   PID  THR
34.2s  GET     shop.example.org/report  10.0.0.7  shop   4711    2
`
	if out.String() != want {
		t.Errorf("%s", out.String())
	}
}

// TestTableFitsTheScreen gives a name that is longer than all of it.
func TestTableFitsTheScreen(t *testing.T) {
	t.Parallel()
	v := shop()
	v.Groups[0].Name = strings.Repeat("ж界", 60)
	for _, width := range []int{80, 100, 300} {
		for _, line := range (tables{same}).groups(v).lines(width, &order{}) {
			if n := len([]rune(line)); n > width {
				t.Errorf("%d characters of %d: %s", n, width, line)
			}
		}
	}
}

func TestTableIsSortedAndFiltered(t *testing.T) {
	t.Parallel()
	all := (tables{same}).processes(shop(), func(monitor.Group) bool { return true })
	keys := func(one table) string {
		var keys []string
		for _, r := range one.rows {
			keys = append(keys, r.key)
		}
		return strings.Join(keys, " ")
	}
	for _, test := range []struct {
		by     order
		filter string
		want   string
	}{
		{order{column: 0}, "", "4712 4711"},
		{order{column: 0, turned: true}, "", "4711 4712"},
		{order{column: 7}, "", "4711 4712"},
		{order{column: 1}, "", "4711 4712"}, // the same group: as they were
		{order{column: 0}, "RSS", "4712 4711"},
		{order{column: 0}, "4711", "4711"},
		{order{column: 0}, "none", ""},
		{order{column: 99}, "", "4711 4712"},
	} {
		if got := keys(all.filtered(test.filter).sorted(test.by)); got != test.want {
			t.Errorf("%+v: %s", test, got)
		}
	}
}
