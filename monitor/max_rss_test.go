package monitor

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestSizesOfMemory(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		texts []string
		want  MaxRSS
		err   string
	}{
		{nil, MaxRSS{}, ""},
		{[]string{"500M"}, MaxRSS{"": 500 << 20}, ""},
		{[]string{"shop=2G", "a=b=20480K", "31457280"}, MaxRSS{"shop": 2 << 30, "a=b": 20 << 20, "": 30 << 20}, ""},
		{[]string{"500"}, nil, `"500": want a size such as 500M or 2G`},
		{[]string{"-1G"}, nil, "want a size"},
		{[]string{"500MB"}, nil, "want a size"},
		{[]string{"99999999999999999999G"}, nil, "want a size"},
		{[]string{""}, nil, "want a size"},
		{[]string{"=1G"}, nil, "want a size"},
		{[]string{"shop="}, nil, "want a size"},
		{[]string{"shop=1G", "shop=2G"}, nil, `"shop=2G": this group has a limit already`},
	} {
		got, err := ParseMaxRSS(test.texts)
		if diff := cmp.Diff(test.want, got); diff != "" || (err == nil) != (test.err == "") || err != nil && !strings.Contains(err.Error(), test.err) {
			t.Errorf("%q: %v%s", test.texts, err, diff)
		}
	}
}

// TestOneOfAGroupIsReplacedAtATime follows groups through some minutes.
func TestOneOfAGroupIsReplacedAtATime(t *testing.T) {
	t.Parallel()
	start := time.Unix(1_000_000, 0)
	at := func(second int) time.Time { return start.Add(time.Duration(second) * time.Second) }
	process := func(pid, begun int, megabytes uint64) Process {
		return Process{PID: pid, Usage: &Usage{Started: at(begun), RSS: megabytes << 20}}
	}
	var told []string
	var asked []int
	r := newReplacer(MaxRSS{"": 100 << 20, "large": 1 << 30}, 0, func(pid int) bool {
		if pid != 9 {
			asked = append(asked, pid)
		}
		return pid != 9
	}, func(text string) { told = append(told, text) })
	for _, test := range []struct {
		second int
		groups []Group
		want   []int
		tells  string
	}{
		{50, []Group{{Name: "shop", Processes: []Process{process(1, 0, 200)}}}, nil, ""}, // has just been started
		{70, []Group{{Name: "shop", Processes: []Process{process(1, 0, 200), process(2, 0, 300), process(3, 0, 50)}}}, []int{2}, "process 2 of shop takes 300 MB, more than --max-rss allows (100 MB); it is replaced, 1m10s after its start"},
		{71, []Group{{Name: "shop", Processes: []Process{process(1, 0, 200), process(2, 0, 300), process(3, 0, 50)}}}, nil, ""},
		{72, []Group{{Name: "shop", Processes: []Process{process(1, 0, 200), process(3, 0, 50)}}}, nil, ""}, // the new one is not there yet
		{73, []Group{{Name: "shop", Processes: []Process{process(1, 0, 200), process(3, 0, 50), process(4, 73, 20)}}}, []int{1}, "process 1 of shop"},
		{194, []Group{{Name: "shop", Processes: []Process{process(1, 0, 200), process(3, 0, 50), process(4, 73, 20)}}}, nil, "process 1 of shop does not end, 2m0s after"},
		{195, []Group{{Name: "shop", Processes: []Process{process(1, 0, 200), process(3, 0, 150), process(4, 73, 20)}}}, []int{3}, "process 3 of shop"},
		{196, []Group{{Name: "large", Processes: []Process{process(5, 0, 900)}}, {Name: "other", Processes: []Process{process(9, 0, 900), {PID: 10}}}, {Embedded: true, Processes: []Process{process(6, 0, 900)}}}, nil, "process 9 of other takes 900 MB, more than --max-rss allows (100 MB); it cannot be replaced, since it has not loaded the file of \"wsgictl telemetry-script\""},
		{197, []Group{{Name: "other", Processes: []Process{process(9, 0, 900)}}}, nil, ""},
		{317, []Group{{Name: "other", Processes: []Process{process(9, 0, 900)}}}, nil, ""}, // tried again, in silence
		{318, []Group{{Name: "shop", Processes: []Process{process(1, 0, 200), process(4, 73, 20), process(5, 197, 20)}}}, []int{1}, "process 1 of shop"},
	} {
		asked, told = nil, nil
		if r.look(View{At: at(test.second), Groups: test.groups}); !slices.Equal(asked, test.want) || (test.tells == "") != (told == nil) || !strings.HasPrefix(strings.Join(told, "\n"), test.tells) {
			t.Errorf("second %d: asked %v, want %v; told %q", test.second, asked, test.want, told)
		}
	}
}
