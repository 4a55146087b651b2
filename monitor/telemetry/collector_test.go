package telemetry

import (
	"encoding/binary"
	"math"
	"testing"
	"time"
)

// Items of a datagram.
func u64(id uint16, n uint64) []byte {
	return binary.LittleEndian.AppendUint64(append(binary.LittleEndian.AppendUint16(nil, id), typeU64), n)
}

func f64(id uint16, n float64) []byte {
	return binary.LittleEndian.AppendUint64(append(binary.LittleEndian.AppendUint16(nil, id), typeF64), math.Float64bits(n))
}

func words(id uint16, s string) []byte {
	return append(append(binary.LittleEndian.AppendUint16(nil, id), typeBytes, byte(len(s)), 0), s...)
}

// told is a collector to which processes speak, a second apart.
type told struct {
	*Collector
	now      time.Time
	sequence map[int]uint32
}

func newTold() told {
	return told{NewCollector(), time.Unix(1.5e9, 0).UTC(), map[int]uint32{}}
}

func (c *told) say(pid int, kind byte, items ...[]byte) {
	c.now = c.now.Add(time.Second)
	c.sequence[pid]++
	d := datagram(kind)
	binary.LittleEndian.PutUint32(d[12:], c.sequence[pid])
	for _, i := range items {
		d = append(d, i...)
	}
	c.Receive(pid, d, c.now)
}

// TestLifeOfAProcess starts one, has it work, and stops it.
func TestLifeOfAProcess(t *testing.T) {
	t.Parallel()
	c := newTold()
	shop := words(6, "shop")
	c.say(7, 5, shop, words(1, "6.1.1"))
	c.say(7, 2, shop, u64(20, 3), f64(63, 0.5), u64(121, 2), u64(124, 1), f64(11, 1))
	c.sequence[7] += 2 // lost
	c.say(7, 4, f64(201, 100), words(204, "slow"), words(214, "/slow"))
	c.say(7, 4, f64(201, 50), words(204, "slower"))
	c.say(7, 4, f64(201, 60), words(204, "done"))
	c.say(7, 4, u64(200, 1), words(204, "done"))
	s := c.Snapshot(c.now)
	p := s.Groups[0].Processes[0]
	if s.Groups[0].Name != "shop" || p.PID != 7 || p.Last.Count != 3 || p.Lost != 2 || p.Started.Unix() != 1.5e9 {
		t.Errorf("%+v", s.Groups[0])
	}
	if len(p.Slow) != 2 || p.Slow[0].LogID != "slower" || p.Slow[1].PathInfo != "/slow" {
		t.Errorf("slow requests, oldest first: %+v", p.Slow)
	}
	c.say(7, 6, shop, words(130, "maximum_requests"), u64(133, 2))
	if p := c.Snapshot(c.now).Groups[0].Processes[0]; p.Stopping != "maximum_requests" {
		t.Errorf("%+v", p)
	}
	c.say(7, 7, shop, words(130, "maximum_requests"), u64(134, 1))
	s = c.Snapshot(c.now)
	totals := s.Groups[0].Totals
	if len(s.Groups[0].Processes) != 0 || totals.Requests != 3 || totals.Status != [5]uint64{0, 2, 0, 0, 1} || totals.Application.Seconds != 1.5 ||
		totals.Stopped["maximum_requests"] != 1 || totals.CutOff != 1 {
		t.Errorf("%+v", s.Groups[0])
	}
	kinds := []EventKind{}
	for _, e := range s.Events {
		kinds = append(kinds, e.Kind)
	}
	if len(kinds) != 3 || kinds[0] != EventStarted || kinds[1] != EventStopping || kinds[2] != EventStopped {
		t.Errorf("%v", kinds)
	}
}

// TestVanishes has processes killed that cannot say so.
func TestVanishes(t *testing.T) {
	t.Parallel()
	c := newTold()
	c.say(7, 5, words(6, "shop"))
	c.say(7, 2, words(6, "shop"), f64(11, 2))
	c.say(8, 4, words(204, "slow"))
	if s := c.Snapshot(c.now.Add(9 * time.Second)); len(s.Events) != 1 {
		t.Errorf("%+v", s.Events)
	}
	s := c.Snapshot(c.now.Add(30 * time.Second))
	for _, g := range s.Groups {
		if len(g.Processes) != 0 {
			t.Errorf("a ghost: %+v", g)
		}
	}
	if last := s.Events[len(s.Events)-1]; last.Kind != EventVanished {
		t.Errorf("%+v", s.Events)
	}
	c.say(9, 5, words(6, "shop"))
	c.say(9, 2, words(6, "shop"))
	c.sequence[9] = 0 // another process with its number
	c.say(9, 5, words(6, "shop"))
	s = c.Snapshot(c.now)
	if len(s.Groups) != 1 || s.Groups[0].Totals.Stopped[string(EventVanished)] != 2 {
		t.Errorf("a process that never said its group is none of embedded mode: %+v", s.Groups)
	}
}

// TestCutOffWhileItStopped has a process tell why it stops, and no more.
func TestCutOffWhileItStopped(t *testing.T) {
	t.Parallel()
	c := newTold()
	c.say(7, 2, words(6, "shop"))
	c.say(7, 6, words(6, "shop"), words(130, "request_timeout"))
	s := c.Snapshot(c.now.Add(30 * time.Second))
	if stopped := s.Groups[0].Totals.Stopped; len(stopped) != 1 || stopped["request_timeout"] != 1 {
		t.Errorf("%v", stopped)
	}
}

// TestCollectorIsBounded has senders send what no process of mod_wsgi does.
func TestCollectorIsBounded(t *testing.T) {
	t.Parallel()
	c := newTold()
	start := c.now
	for range 3 * maxPerSecond {
		c.say(7, 4, words(204, "flood"))
		c.now = start
	}
	c.say(8, 2, words(6, "shop"), u64(20, 1))
	if s := c.Snapshot(c.now); s.Refused != 2*maxPerSecond || s.Groups[0].Totals.Requests != 1 {
		t.Errorf("%d refused, %+v", s.Refused, s.Groups)
	}
	for i := range 3 * maxSlow {
		c.say(9, 4, f64(201, float64(i)))
		c.say(9, 8, words(8, string(rune('a'+i))))
		c.say(9, 2, words(6, string(rune('a'+i%26))+string(rune('a'+i/26))), append(append([]byte{94, 0, typeI32s, 100, 0}, make([]byte, 396)...), 255, 255, 255, 255))
		c.say(9, 7, words(130, string(rune('a'+i))))
		c.say(10+i, 1)
		c.say(10+i, 2, words(6, string(rune('a'+i))))
	}
	for i := range maxEvents {
		c.say(i, 6, words(6, "x"))
	}
	s := c.Snapshot(c.now)
	if len(s.Events) != maxEvents || len(c.processes) > maxProcesses || len(s.Groups) > maxGroups {
		t.Errorf("%d events, %d processes, %d groups", len(s.Events), len(c.processes), len(s.Groups))
	}
	for _, g := range s.Groups {
		for _, p := range g.Processes {
			if len(p.Slow) > maxSlow || len(p.Garbage) > maxInterpreters {
				t.Errorf("%d slow requests, %d interpreters", len(p.Slow), len(p.Garbage))
			}
		}
		if len(g.Totals.Stopped) > maxReasons {
			t.Errorf("%d reasons", len(g.Totals.Stopped))
		}
	}
}
