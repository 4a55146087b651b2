package monitor

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/wsgictl/wsgictl/jsonreport"
	"github.com/wsgictl/wsgictl/monitor/history"
)

// kept is the history of what was seen.
type kept struct {
	store  *history.Store
	tell   func(string)
	before map[string]Totals // of the view before, by group
	fails  bool              // it was told that nothing can be written
}

// add keeps a view. That it cannot is told once, until it can again.
func (k *kept) add(v View) {
	samples, totals := map[string]history.Sample{}, map[string]Totals{}
	for _, g := range v.Groups {
		samples[g.Name], totals[g.Name] = g.sample(k.before[g.Name]), g.Totals // sums begin when the monitor does
	}
	k.before = totals
	err := k.store.Add(v.At, samples)
	if err != nil && !k.fails {
		k.tell(fmt.Sprintf("nothing is added to the history: %v", err))
	}
	k.fails = err != nil
}

// sample is a group at one time, with what happened since the sums were these.
func (g Group) sample(before Totals) history.Sample {
	total := g.Latency["total"]
	s := history.Sample{
		Capacity: g.Capacity, Rate: g.Rate, CPU: g.CPU, Busy: g.Busy, Threads: g.Threads, Waiting: -1,
		P50: total.P50, P95: total.P95, P99: total.P99, Memory: g.Memory.Bytes,
		Requests: g.Totals.Requests - before.Requests, Restarts: g.Totals.Restarts - before.Restarts,
	}
	if g.Waiting != nil {
		s.Waiting = *g.Waiting
	}
	return s
}

// historyVersion rises when a field is taken away or changes its meaning.
const historyVersion = 1

// History is what a group was like between two times.
type History struct {
	Version int       `json:"version"`
	Group   string    `json:"group"`
	From    time.Time `json:"from"`
	To      time.Time `json:"to"`
	Step    float64   `json:"step"`   // seconds between two points
	Points  []Point   `json:"points"` // in their order; times of which nothing is known have none
}

// Point is what was in one step: means of capacity, rate and cpu, sums of requests
// and restarts, and the most of all else.
type Point struct {
	At       time.Time `json:"at"` // where the step begins
	Capacity float64   `json:"capacity"`
	Rate     float64   `json:"rate"`
	CPU      float64   `json:"cpu"`
	Busy     int       `json:"busy"`
	Threads  int       `json:"threads"`
	Waiting  *int      `json:"waiting"` // null where it is not known
	P50      float64   `json:"p50"`     // of the minute before; 0 without a request
	P95      float64   `json:"p95"`
	P99      float64   `json:"p99"`
	Memory   uint64    `json:"memory"`
	Requests uint64    `json:"requests"`
	Restarts uint64    `json:"restarts"`
}

func newPoint(s history.Sample) Point {
	p := Point{s.At, s.Capacity, s.Rate, s.CPU, s.Busy, s.Threads, nil, s.P50, s.P95, s.P99, s.Memory, s.Requests, s.Restarts}
	if s.Waiting >= 0 {
		p.Waiting = &s.Waiting
	}
	return p
}

// question is what of the history somebody wants.
type question struct {
	group    string
	from, to time.Time
	points   int
}

// usualPoints are as many as a page is wide.
const usualPoints = 600

// readQuestion reads ?group=&from=&to=&points=.
func readQuestion(r *http.Request, now time.Time) (question, error) {
	query := r.URL.Query()
	q := question{query.Get("group"), now.Add(-time.Hour), now, usualPoints}
	if !query.Has("group") {
		return q, errors.New("name a group: ?group=shop, or ?group= for embedded mode")
	}
	for name, to := range map[string]*time.Time{"from": &q.from, "to": &q.to} {
		if !query.Has(name) {
			continue
		}
		at, err := time.Parse(time.RFC3339, query.Get(name))
		if err != nil {
			return q, fmt.Errorf("%s: want a time such as %s", name, now.UTC().Format(time.RFC3339))
		}
		*to = at
	}
	if query.Has("points") {
		n, err := strconv.Atoi(query.Get("points"))
		if err != nil || n < 1 || n > history.MaxPoints {
			return q, fmt.Errorf("points: want 1 to %d", history.MaxPoints)
		}
		q.points = n
	}
	const longest = 32 * 24 * time.Hour
	if oldest := now.Add(-longest); q.from.Before(oldest) {
		q.from = oldest
	}
	if latest := now.Add(time.Minute); q.to.After(latest) {
		q.to = latest
	}
	if !q.from.Before(q.to) {
		return q, errors.New("from: want a time before that of to, and no more than a month ago")
	}
	return q, nil
}

func (m *Monitor) serveHistory(w http.ResponseWriter, r *http.Request) {
	if m.kept == nil {
		http.Error(w, "This monitor keeps no history.", http.StatusNotFound)
		return
	}
	q, err := readQuestion(r, time.Now())
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	series, err := m.kept.store.Read(q.group, q.from, q.to, q.points)
	if err != nil {
		http.Error(w, "The history cannot be read; the monitor's own messages say why.", http.StatusInternalServerError)
		m.kept.tell(err.Error())
		return
	}
	report := History{historyVersion, q.group, series.From, series.To, series.Step.Seconds(), []Point{}}
	for _, s := range series.Points {
		report.Points = append(report.Points, newPoint(s))
	}
	w.Header().Set("Content-Type", "application/json")
	_ = jsonreport.Write(w, report) // the client went away
}
