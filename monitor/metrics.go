package monitor

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/wsgictl/wsgictl/monitor/telemetry"
)

// serveMetrics answers Prometheus in its text format.
func (m *Monitor) serveMetrics(w http.ResponseWriter, _ *http.Request) {
	view, _ := m.View()
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	_ = writeMetrics(w, view) // the client went away
}

// metric is one name of /metrics. Labels are the group and at most one other of
// few values, so that no client's request can make new ones.
type metric struct {
	name   string
	kind   string // counter or gauge
	help   string
	values func(Group) []value
}

// value is one line of a metric.
type value struct {
	suffix string // of the name: a histogram has three kinds of lines
	labels []label
	number float64
}

// label is one beside the group.
type label struct{ name, value string }

// one is the value of a metric without further labels.
func one(of func(Group) float64) func(Group) []value {
	return func(g Group) []value { return []value{{"", nil, of(g)}} }
}

var metrics = []metric{
	{"wsgictl_requests_total", "counter", "Requests that were completed.", one(func(g Group) float64 { return float64(g.Totals.Requests) })},
	{"wsgictl_responses_total", "counter", "Responses by class of their status.", func(g Group) []value { return byLabel("status", g.Totals.Status) }},
	{"wsgictl_request_body_bytes_total", "counter", "Bytes of request bodies that applications read.", one(func(g Group) float64 { return float64(g.Totals.InputBytes) })},
	{"wsgictl_response_body_bytes_total", "counter", "Bytes of responses.", one(func(g Group) float64 { return float64(g.Totals.OutputBytes) })},
	{"wsgictl_cpu_seconds_total", "counter", "Processor time of the processes.", one(func(g Group) float64 { return g.Totals.CPUSeconds })},
	{"wsgictl_processes_started_total", "counter", "Processes that began.", one(func(g Group) float64 { return float64(g.Totals.Started) })},
	{"wsgictl_processes_stopped_total", "counter", "Processes that stopped, by reason; \"vanished\" without a word.", func(g Group) []value { return byLabel("reason", g.Totals.Stopped) }},
	{"wsgictl_requests_cut_off_total", "counter", "Requests at hand when their process stopped.", one(func(g Group) float64 { return float64(g.Totals.CutOff) })},
	{"wsgictl_processes", "gauge", "Processes that run.", one(func(g Group) float64 { return float64(len(g.Processes)) })},
	{"wsgictl_threads", "gauge", "Threads that answer requests.", one(func(g Group) float64 { return float64(g.Threads) })},
	{"wsgictl_threads_busy", "gauge", "Threads with a request at hand.", one(func(g Group) float64 { return float64(g.Busy) })},
	{"wsgictl_capacity_ratio", "gauge", "Part of the threads' time in which they were busy.", one(func(g Group) float64 { return g.Capacity })},
	{"wsgictl_requests_waiting", "gauge", "Requests that no thread took yet, as the kernel knows.", waiting},
	{"wsgictl_memory_resident_bytes", "gauge", "Resident memory of the processes.", one(func(g Group) float64 { return float64(g.RSS) })},
	{"wsgictl_memory_proportional_bytes", "gauge", "Memory of the processes, with what they share counted once; missing where the kernel does not tell.", proportional},
	{"wsgictl_os_threads", "gauge", "Threads of all kinds, those of libraries too.", one(osThreads)},
	{"wsgictl_last_start_time_seconds", "gauge", "When the youngest process started, in seconds since 1970.", lastStart},
	{"wsgictl_requests_slow", "gauge", "Requests at hand that take longer than WSGISlowRequests.", one(slow)},
	{"wsgictl_request_oldest_seconds", "gauge", "Age of the oldest request at hand.", one(oldest)},
	{"wsgictl_request_seconds", "histogram", "How long requests took, by the part of the way: in the queue, in the application, and in total.", histograms},
}

func waiting(g Group) []value {
	if g.Waiting == nil {
		return nil
	}
	return []value{{"", nil, float64(*g.Waiting)}}
}

func proportional(g Group) []value {
	if g.Memory.Kind != memoryPSS {
		return nil
	}
	return []value{{"", nil, float64(g.Memory.Bytes)}}
}

func osThreads(g Group) float64 {
	count := 0
	for _, p := range g.Processes {
		if p.Usage != nil {
			count += p.Usage.Threads
		}
	}
	return float64(count)
}

func lastStart(g Group) []value {
	var last time.Time
	for _, p := range g.Processes {
		if p.Usage != nil && p.Usage.Started.After(last) {
			last = p.Usage.Started
		}
	}
	if last.IsZero() {
		return nil
	}
	return []value{{"", nil, float64(last.UnixMilli()) / 1000}}
}

func slow(g Group) float64 {
	count := 0
	for _, p := range g.Processes {
		count += len(p.Requests)
	}
	return float64(count)
}

func oldest(g Group) float64 {
	age := 0.0
	for _, p := range g.Processes {
		for _, t := range p.Threads {
			age = max(age, t.Elapsed)
		}
	}
	return age
}

// histogram is how long one phase took.
type histogram struct {
	phase   string
	limits  []float64 // seconds; they double from 2 ms to 65.536 s
	below   []uint64  // how many took no longer, for each limit
	count   uint64
	seconds float64 // the sum
}

// histogramsOf are those of the three phases that tell what to do: more threads against
// the queue, another application against the rest.
func histogramsOf(g Group) []histogram {
	var all []histogram
	for _, phase := range []struct {
		name string
		telemetry.PhaseTotals
	}{{"queue", g.sums.Queue}, {"application", g.sums.Application}, {"total", g.sums.Total}} {
		h := histogram{phase: phase.name, seconds: phase.Seconds}
		for i, n := range phase.Buckets {
			h.count += n
			if end := i + 1; end%4 == 0 && end < telemetry.Buckets {
				h.limits, h.below = append(h.limits, telemetry.BucketStart(end)), append(h.below, h.count)
			}
		}
		all = append(all, h)
	}
	return all
}

// histograms are these as Prometheus has them.
func histograms(g Group) []value {
	var values []value
	for _, h := range histogramsOf(g) {
		phase := label{"phase", h.phase}
		for i, limit := range h.limits {
			values = append(values, value{"_bucket", []label{phase, {"le", strconv.FormatFloat(limit, 'g', -1, 64)}}, float64(h.below[i])})
		}
		values = append(values,
			value{"_bucket", []label{phase, {"le", "+Inf"}}, float64(h.count)},
			value{"_sum", []label{phase}, h.seconds},
			value{"_count", []label{phase}, float64(h.count)})
	}
	return values
}

// byLabel are values by the words of one label, in their order.
func byLabel(name string, numbers map[string]uint64) []value {
	var values []value
	for _, word := range slices.Sorted(maps.Keys(numbers)) {
		values = append(values, value{"", []label{{name, word}}, float64(numbers[word])})
	}
	return values
}

// writeMetrics writes each metric with those of all groups together, as the format
// wants it.
func writeMetrics(w io.Writer, v View) error {
	out := bufio.NewWriter(w)
	for _, m := range metrics {
		fmt.Fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", m.name, m.help, m.name, m.kind)
		for _, g := range v.Groups {
			for _, one := range m.values(g) {
				labels := "group=" + quoted(g.Name)
				for _, l := range one.labels {
					labels += "," + l.name + "=" + quoted(l.value)
				}
				fmt.Fprintf(out, "%s%s{%s} %s\n", m.name, one.suffix, labels, strconv.FormatFloat(one.number, 'g', -1, 64))
			}
		}
	}
	for _, one := range []struct {
		name, help string
		number     uint64
	}{
		{"wsgictl_telemetry_damaged_total", "Datagrams that could not be read.", v.Damaged},
		{"wsgictl_telemetry_refused_total", "Datagrams beyond the limits of the monitor.", v.Refused},
	} {
		fmt.Fprintf(out, "# HELP %s %s\n# TYPE %s counter\n%s %d\n", one.name, one.help, one.name, one.name, one.number)
	}
	return out.Flush()
}

// quoted is a text as the value of a label: valid UTF-8, with the three escapes that
// the format has.
func quoted(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(strings.ToValidUTF8(text, "\uFFFD")) + `"`
}
