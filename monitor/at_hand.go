package monitor

import (
	"cmp"
	"slices"
	"time"

	"github.com/wsgictl/wsgictl/monitor/stacks"
	"github.com/wsgictl/wsgictl/monitor/telemetry"
)

// atHandVersion rises when a field is taken away or changes its meaning.
const atHandVersion = 1

// AtHand is what processes do at this moment, as they say when they are asked.
type AtHand struct {
	Version  int             `json:"version"`
	At       time.Time       `json:"at"`
	Asked    int             `json:"asked"`    // processes
	Waiting  map[string]int  `json:"waiting"`  // requests that no thread took yet, by group; without groups of which the kernel does not tell
	Requests []AtHandRequest `json:"requests"` // oldest first
	Silent   []SilentProcess `json:"silent"`   // that did not answer
}

// AtHandRequest is a request in the hands of an application.
type AtHandRequest struct {
	Group string `json:"group"`
	PID   int    `json:"pid"`
	Request
	Stack []stacks.Call `json:"stack"` // of its thread, the last call at the end
}

// SilentProcess runs, and no thread of it could answer: all wait for the GIL, or it is
// stopped.
type SilentProcess struct {
	Group string `json:"group"`
	PID   int    `json:"pid"`
	Late  string `json:"late"` // what faulthandler wrote of its threads since it last answered; "" before that
}

// answerLimit is how long a process may take. Who has the interpreter for himself does
// not answer at all.
const answerLimit = time.Second

// AtHand asks the processes of these groups, or all, what they do.
func (m *Monitor) AtHand(groups ...string) AtHand {
	view, _ := m.View()
	report := AtHand{Version: atHandVersion, At: time.Now(), Waiting: map[string]int{}, Requests: []AtHandRequest{}, Silent: []SilentProcess{}}
	isAsked := func(group string) bool { return len(groups) == 0 || slices.Contains(groups, group) }
	for _, g := range view.Groups {
		if isAsked(g.Name) && g.Waiting != nil {
			report.Waiting[g.Name] = *g.Waiting
		}
	}
	for _, a := range m.stacks.Ask(answerLimit) {
		if !isAsked(a.Group) {
			continue
		}
		report.Asked++
		if a.IsSilent {
			report.Silent = append(report.Silent, SilentProcess{a.Group, a.PID, a.Late})
		}
		for _, r := range a.Requests {
			report.Requests = append(report.Requests, newAtHandRequest(a, r))
		}
	}
	slices.SortStableFunc(report.Requests, func(a, b AtHandRequest) int { return cmp.Compare(b.Age, a.Age) })
	return report
}

// hideCode leaves the lines of source code out of the stacks.
func (r *AtHand) hideCode() {
	for i := range r.Requests {
		stack := slices.Clone(r.Requests[i].Stack) // the answer may be given to others too
		for j := range stack {
			stack[j].Code = ""
		}
		r.Requests[i].Stack = stack
	}
}

func newAtHandRequest(a stacks.Answer, r stacks.Request) AtHandRequest {
	if r.Stack == nil {
		r.Stack = []stacks.Call{}
	}
	return AtHandRequest{a.Group, a.PID, Request{telemetry.Instant(r.Start), r.Age, r.Thread, r.Method, r.Host, r.Path, r.Client, r.LogID}, r.Stack}
}
