package top

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/wsgictl/wsgictl/monitor"
	"github.com/wsgictl/wsgictl/plural"
)

// tables make tables of what the monitor says.
type tables struct {
	clean func(string) string // what others wrote, as a terminal may have it
}

// of is a text of others as one line.
func (t tables) of(s string) cell {
	return text(strings.NewReplacer("\n", `\n`, "\t", `\t`).Replace(t.clean(s)))
}

func (t tables) group(name string) cell {
	if name == "" {
		return text("(embedded)")
	}
	return t.of(name)
}

// groups are all daemon process groups.
func (t tables) groups(v monitor.View) table {
	all := table{columns: []column{
		{title: "GROUP", isLong: true},
		{title: "PROC", isNumber: true},
		{title: "BUSY", isNumber: true},
		{title: "WAIT", isNumber: true},
		{title: "CAP", isNumber: true},
		{title: "REQ/S", isNumber: true},
		{title: "P50", isNumber: true},
		{title: "P95", isNumber: true},
		{title: "P99", isNumber: true},
		{title: "CPU", isNumber: true},
		{title: "MEM", isNumber: true},
		{title: "RST", isNumber: true},
	}}
	for _, g := range v.Groups {
		total, isTimed := g.Latency["total"]
		time := func(seconds float64) cell {
			if !isTimed {
				return cell{"-", -1}
			}
			return duration(seconds)
		}
		all.rows = append(all.rows, row{g.Name, []cell{
			t.group(g.Name), count(len(g.Processes)), busy(g.Busy, g.Threads), waiting(g.Waiting), percent(g.Capacity),
			{strconv.FormatFloat(g.Rate, 'f', 1, 64), g.Rate}, time(total.P50), time(total.P95), time(total.P99),
			percent(g.CPU), size(g.Memory.Bytes), count(int(min(g.Totals.Restarts, 1<<30))),
		}})
	}
	return all
}

// processes are those of a group, or of all.
func (t tables) processes(v monitor.View, isShown func(monitor.Group) bool) table {
	all := table{columns: []column{
		{title: "PID", isNumber: true},
		{title: "GROUP", isLong: true},
		{title: "BUSY", isNumber: true},
		{title: "CAP", isNumber: true},
		{title: "REQ/S", isNumber: true},
		{title: "CPU", isNumber: true},
		{title: "CPUTIME", isNumber: true},
		{title: "MEM", isNumber: true},
		{title: "KIND"},
		{title: "OSTHR", isNumber: true},
		{title: "AGE", isNumber: true},
		{title: "STATE"},
	}}
	for _, g := range v.Groups {
		if !isShown(g) {
			continue
		}
		for _, p := range g.Processes {
			all.rows = append(all.rows, row{strconv.Itoa(p.PID), append([]cell{
				count(p.PID), t.group(g.Name), busy(busyThreads(p), len(p.Threads)), percent(p.Capacity),
				{strconv.FormatFloat(p.Rate, 'f', 1, 64), p.Rate}, percent(p.CPU),
			}, t.taken(p, v.At)...)})
		}
	}
	return all
}

// taken are the cells of what the kernel says of a process, and what becomes of it.
func (t tables) taken(p monitor.Process, now time.Time) []cell {
	state := text("runs")
	if p.Stopping != "" {
		state = t.of("stopping: " + p.Stopping)
	}
	unknown := cell{"-", -1}
	if p.Usage == nil {
		return []cell{unknown, size(p.RSS), text("RSS"), unknown, unknown, state}
	}
	memory, kind := p.Usage.RSS, "RSS"
	if p.Usage.PSS != nil {
		memory, kind = *p.Usage.PSS, "PSS"
	}
	return []cell{duration(p.Usage.CPUSeconds), size(memory), text(kind), count(p.Usage.Threads), duration(now.Sub(p.Usage.Started).Seconds()), state}
}

// atHand is a request, with where it is if its process was asked.
type atHand struct {
	monitor.AtHandRequest
	isAsked bool
}

func (r atHand) key() string {
	return fmt.Sprintf("%d %d %s", r.PID, r.Thread, r.Start.Truncate(time.Second))
}

// slow are the requests of which the processes tell by themselves.
func slow(v monitor.View) []atHand {
	var all []atHand
	for _, g := range v.Groups {
		for _, p := range g.Processes {
			for _, r := range p.Requests {
				all = append(all, atHand{monitor.AtHandRequest{Group: g.Name, PID: p.PID, Request: r}, false})
			}
		}
	}
	return all
}

// requests are those at hand.
func (t tables) requests(from []atHand) table {
	all := table{columns: []column{
		{title: "AGE", isNumber: true},
		{title: "METHOD"},
		{title: "URL", isLong: true},
		{title: "CLIENT"},
		{title: "GROUP"},
		{title: "PID", isNumber: true},
		{title: "THR", isNumber: true},
	}}
	for _, r := range from {
		all.rows = append(all.rows, row{r.key(), []cell{
			duration(r.Age), t.of(r.Method), t.of(r.Host + r.Path), t.of(r.Client), t.group(r.Group), count(r.PID), count(r.Thread),
		}})
	}
	return all
}

func busyThreads(p monitor.Process) int {
	busy := 0
	for _, thread := range p.Threads {
		if thread.Elapsed > 0 {
			busy++
		}
	}
	return busy
}

// summary is all of it in a line.
func summary(v monitor.View) string {
	processes, busy, threads, waiting := 0, 0, 0, 0
	for _, g := range v.Groups {
		processes += len(g.Processes)
		busy += g.Busy
		threads += g.Threads
		if g.Waiting != nil {
			waiting += *g.Waiting
		}
	}
	return fmt.Sprintf("%s, %s: %d of %s busy, %s without one",
		plural.Count(len(v.Groups), "group"), plural.Count(processes, "process"), busy, plural.Count(threads, "thread"), plural.Count(waiting, "request"))
}

func count(n int) cell { return cell{strconv.Itoa(n), float64(n)} }

func busy(n, of int) cell { return cell{fmt.Sprintf("%d/%d", n, of), float64(n)} }

func waiting(n *int) cell {
	if n == nil {
		return cell{"?", -1}
	}
	return count(*n)
}

func percent(part float64) cell { return cell{fmt.Sprintf("%.0f%%", part*100), part} }

// duration has three digits or so, from milliseconds to days.
func duration(seconds float64) cell {
	var shown string
	switch {
	case seconds < 0.00995:
		shown = fmt.Sprintf("%.1fms", seconds*1000)
	case seconds < 0.9995:
		shown = fmt.Sprintf("%.0fms", seconds*1000)
	case seconds < 99.5:
		shown = fmt.Sprintf("%.1fs", seconds)
	case seconds < 999.5:
		shown = fmt.Sprintf("%.0fs", seconds)
	case seconds < 5999.5:
		shown = fmt.Sprintf("%.0fm", seconds/60)
	case seconds < 48*3600:
		shown = fmt.Sprintf("%.0fh", seconds/3600)
	default:
		shown = fmt.Sprintf("%.0fd", seconds/86400)
	}
	return cell{shown, seconds}
}

func size(bytes uint64) cell {
	shown := fmt.Sprintf("%.0fM", float64(bytes)/1e6)
	if bytes >= 1e10 {
		shown = fmt.Sprintf("%.1fG", float64(bytes)/1e9)
	}
	return cell{shown, float64(bytes)}
}
