package history

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// start is an hour and some minutes ago, on a whole minute.
func start() time.Time { return time.Now().Add(-90 * time.Minute).Truncate(time.Minute).UTC() }

// told keeps what a store says.
type told struct{ texts []string }

func (t *told) tell(text string) { t.texts = append(t.texts, text) }

func open(t *testing.T, folder string) (*Store, *told) {
	t.Helper()
	said := &told{}
	s, err := Open(folder, said.tell)
	if err != nil {
		t.Fatal(err)
	}
	return s, said
}

// work is what a group is like that has something to do.
func work(second int) Sample {
	return Sample{
		Capacity: float64(second%100) / 100, Rate: float64(second%7) * 1.25, CPU: 0.5, Busy: second % 5, Threads: 5, Waiting: second%3 - 1,
		P50: 0.001 * float64(second%10), P95: 0.2, P99: 1.5, Memory: uint64(60+second%10) << 20, Requests: uint64(second % 7), Restarts: uint64(second % 600 / 599),
	}
}

// nearly is as what is kept, which is not more exact.
var nearly = cmp.Comparer(func(a, b float64) bool { return a-b < 0.006 && b-a < 0.006 })

func add(t *testing.T, s *Store, from time.Time, seconds int, groups ...string) {
	t.Helper()
	for i := range seconds {
		samples := map[string]Sample{}
		for _, group := range groups {
			samples[group] = work(i)
		}
		if err := s.Add(from.Add(time.Duration(i)*time.Second), samples); err != nil {
			t.Fatal(err)
		}
	}
}

func read(t *testing.T, s *Store, group string, from, to time.Time, points int) []Sample {
	t.Helper()
	series, err := s.Read(group, from, to, points)
	if err != nil {
		t.Fatal(err)
	}
	return series.Points
}

// TestComesBackAfterARestart reads by the second what was written by a process that is
// gone without a word.
func TestComesBackAfterARestart(t *testing.T) {
	t.Parallel()
	folder, from := t.TempDir(), start()
	killed, _ := open(t, folder)
	add(t, killed, from, 4000, "shop", "")
	killed.lock.Close() // as the system does
	s, said := open(t, folder)
	defer s.Close()
	points := read(t, s, "shop", from, from.Add(1999*time.Second), 2000)
	if len(points) != 2000 || len(said.texts) > 0 {
		t.Fatalf("%d points, %q", len(points), said.texts)
	}
	for i, got := range points {
		want := work(i)
		want.At = from.Add(time.Duration(i) * time.Second)
		if diff := cmp.Diff(want, got, nearly); diff != "" {
			t.Fatal(diff)
		}
	}
	if last := read(t, s, "", from.Add(3900*time.Second), from.Add(4000*time.Second), 2000); len(last) < 100-6 {
		t.Errorf("%d of the last 100 seconds", len(last))
	}
	if none := read(t, s, "other", from, from.Add(time.Hour), 100); len(none) != 0 {
		t.Errorf("%+v", none)
	}
}

// TestMergesByTheMinute reads more than a day, for which there are minutes alone.
func TestMergesByTheMinute(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s, _ := open(t, folder)
	from := start().Add(-48 * time.Hour)
	add(t, s, from, 601, "shop")
	points := read(t, s, "shop", from, from.Add(2*time.Hour), 120)
	if len(points) != 11 {
		t.Fatalf("%d points: %+v", len(points), points)
	}
	var want merged
	for i := range 60 {
		want.add(work(i))
	}
	if diff := cmp.Diff(want.sample(from), points[0], nearly); diff != "" {
		t.Error(diff)
	}
	if sum := points[9].Restarts; sum != 1 {
		t.Errorf("%d restarts in the tenth minute", sum)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestOldGoesFirst has more than there is room for, and more than is kept.
func TestOldGoesFirst(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s, _ := open(t, folder)
	s.limit = 120_000
	from := time.Now().Add(-26 * time.Hour).Truncate(time.Hour).UTC()
	for hour := range 26 {
		add(t, s, from.Add(time.Duration(hour)*time.Hour), 300, "shop", "blog")
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	names, total := list(t, folder)
	if total > 120_000 {
		t.Errorf("%d bytes", total)
	}
	if oldest := seconds.fileOf(from); slices.Contains(names, oldest) || !slices.Contains(names, seconds.fileOf(from.Add(25*time.Hour))) {
		t.Errorf("%q", names)
	}
}

func list(t *testing.T, folder string) (names []string, total int64) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		names, total = append(names, e.Name()), total+info.Size()
	}
	return names, total
}

// TestADayFits measures a day of groups that all have something to do.
func TestADayFits(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s, _ := open(t, folder)
	groups := []string{"a", "b", "c", "d", "e"}
	from := start()
	add(t, s, from, 1800, groups...)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, total := list(t, folder); total*48 > Limit {
		t.Errorf("a day of %d busy groups takes %d bytes", len(groups), total*48)
	} else {
		t.Logf("a day of %d busy groups takes %d bytes", len(groups), total*48)
	}
}

// TestLosesTheLastBlockAtMost cuts a file off in many places, as a process or machine that
// stops may, and goes on from there.
func TestLosesTheLastBlockAtMost(t *testing.T) {
	t.Parallel()
	folder, from := t.TempDir(), start().Truncate(time.Hour)
	s, _ := open(t, folder)
	add(t, s, from, 30, "shop")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, seconds.fileOf(from))
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for cut := 0; cut < len(whole); cut += 5 {
		for _, tail := range []string{"", strings.Repeat("\x00", 700)} { // of a place that was made and not written
			one := t.TempDir()
			if err := os.WriteFile(filepath.Join(one, filepath.Base(path)), append(slices.Clone(whole[:cut]), tail...), 0o600); err != nil {
				t.Fatal(err)
			}
			s, said := open(t, one)
			before := len(read(t, s, "shop", from, from.Add(30*time.Second), 2000))
			add(t, s, from.Add(40*time.Second), 5, "shop")
			after := read(t, s, "shop", from, from.Add(time.Minute), 2000)
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if wantsQuiet := tail == ""; len(after) != before+5 || len(said.texts) > 0 && wantsQuiet {
				t.Fatalf("cut at %d, %d bytes behind: %d samples, then %d, %q", cut, len(tail), before, len(after), said.texts)
			}
		}
	}
}

// TestPutsAside has files that are damaged in the middle, of a newer release, and none.
func TestPutsAside(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func([]byte) []byte
		want   string
		kept   int // samples
	}{
		"damaged": {func(b []byte) []byte { b[len(b)/2] ^= 1; return b }, ".damaged, and what stands before stays", 10},
		"newer":   {func(b []byte) []byte { return bytes.Replace(b, []byte("history 1"), []byte("history 2"), 1) }, "was written by a newer wsgictl: it was put aside as ", 0},
		"other":   {func([]byte) []byte { return []byte("#!/bin/sh\nexit 0\n# a program that has lain there\n") }, "is no history: it was put aside as ", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder, from := t.TempDir(), start().Truncate(time.Hour)
			s, _ := open(t, folder)
			add(t, s, from, 30, "shop")
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(folder, seconds.fileOf(from))
			whole, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, test.change(whole), 0o600); err != nil {
				t.Fatal(err)
			}
			s, said := open(t, folder)
			defer s.Close()
			points := read(t, s, "shop", from, from.Add(30*time.Second), 2000)
			if len(points) < test.kept || len(said.texts) != 1 || !strings.Contains(said.texts[0], test.want) {
				t.Errorf("%d points, %q", len(points), said.texts)
			}
			if names, _ := list(t, folder); !slices.ContainsFunc(names, func(n string) bool { return strings.HasSuffix(n, asDamaged) || strings.HasSuffix(n, asNewer) }) {
				t.Errorf("%q", names)
			}
			add(t, s, from.Add(time.Minute), 10, "shop")
			if again := read(t, s, "shop", from, from.Add(2*time.Minute), 2000); len(again) != len(points)+10 || len(said.texts) != 1 {
				t.Errorf("%d points, %q", len(again), said.texts)
			}
		})
	}
}

// TestOneMonitorAFolder refuses a second one.
func TestOneMonitorAFolder(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s, _ := open(t, folder)
	if _, err := Open(folder, func(string) {}); err == nil || !strings.Contains(err.Error(), ErrInUse.Error()) {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again, _ := open(t, folder)
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}

// FuzzRead reads files of which only the first line is certain.
func FuzzRead(f *testing.F) {
	folder, from := f.TempDir(), start().Truncate(time.Hour)
	s, err := Open(folder, func(string) {})
	if err != nil {
		f.Fatal(err)
	}
	for i := range 20 {
		if err := s.Add(from.Add(time.Duration(i)*time.Second), map[string]Sample{"shop": work(i), "": work(2 * i)}); err != nil {
			f.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		f.Fatal(err)
	}
	whole, err := os.ReadFile(filepath.Join(folder, seconds.fileOf(from)))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole[len(firstLine):])
	f.Add([]byte("\x01\x00\x00\x00\x00\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, text []byte) {
		good, err := frames(bytes.NewReader(text), int64(len(text)), func(block []byte) error {
			return readBlock(block, "shop", func(Sample) {})
		})
		if good < 0 || good > int64(len(text)) || err != nil && fmt.Sprint(err) != errDamaged.Error() {
			t.Errorf("%d of %d bytes, %v", good, len(text), err)
		}
	})
}
