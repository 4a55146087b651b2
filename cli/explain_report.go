package cli

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/wsgictl/wsgictl/errorlog"
	"github.com/wsgictl/wsgictl/jsonreport"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// explanation is what explain prints with --format json.
type explanation struct {
	Version   int         `json:"version"` // rises when a field goes or changes its meaning
	Lines     int         `json:"lines"`
	Explained int         `json:"explained"`
	Messages  []explained `json:"messages"` // worst first
}

type explained struct {
	ID       string `json:"id"`
	Severity string `json:"severity"` // "down", "failing", "degraded", "note"
	Cause    string `json:"cause"`
	Meaning  string `json:"meaning"`
	Remedy   string `json:"remedy"`
	Count    int    `json:"count,omitempty"`
	First    string `json:"first,omitempty"`
	Last     string `json:"last,omitempty"`
	Example  string `json:"example,omitempty"`
	// Because: for a message about a process that was gone, the ids of the
	// messages that tell why it went, and how often.
	Because map[string]int `json:"because,omitempty"`
}

func writeExplanation(out io.Writer, tally *errorlog.Tally, entries []errorlog.Entry) error {
	found := explanation{Version: 1, Lines: tally.Lines, Explained: tally.Explained, Messages: []explained{}}
	for _, e := range entries {
		found.Messages = append(found.Messages, explained{
			ID: e.ID, Severity: e.Severity.String(), Cause: e.Cause, Meaning: e.Meaning, Remedy: e.Remedy,
			Count: e.Count, First: e.First, Last: e.Last, Example: e.Example, Because: e.Because,
		})
	}
	return jsonreport.Write(out, found)
}

// An explainReport is what explain prints for people.
type explainReport struct {
	out     io.Writer
	colours palette
}

func (r explainReport) writeEntries(entries []errorlog.Entry) {
	for _, e := range entries {
		r.writeEntry(e)
	}
}

func (r explainReport) writeEntry(e errorlog.Entry) {
	r.writeHeading(e)
	writeLabelled(r.out, "Cause", e.Cause)
	for _, id := range slices.Sorted(maps.Keys(e.Because)) {
		writeLabelled(r.out, "Because", because(id, e.Because[id], e.Count))
	}
	writeLabelled(r.out, "Meaning", e.Meaning)
	writeLabelled(r.out, "Remedy", e.Remedy)
	if e.First != "" && e.Count > 1 {
		writeLabelled(r.out, "First", e.First)
	}
	if e.Last != "" {
		writeLabelled(r.out, "Last", e.Last)
	}
	if e.Example != "" {
		r.writeLine(e)
	}
	fmt.Fprintln(r.out)
}

// because says of how many of the lost requests a message tells why. It may stand
// there less often: a process takes all with it that it was serving.
func because(id string, blamed, lost int) string {
	requests := fmt.Sprintf("%d of the %d requests", blamed, lost)
	switch {
	case lost == 1:
		requests = "this request"
	case blamed == lost:
		requests = fmt.Sprintf("all %d requests", lost)
	}
	return fmt.Sprintf("%s, for %s: see there.", id, requests)
}

func (r explainReport) writeHeading(e errorlog.Entry) {
	severity := e.Severity.String()
	switch e.Severity {
	case modwsgi.Down, modwsgi.Failing:
		severity = r.colours.red(severity)
	case modwsgi.Degraded:
		severity = r.colours.yellow(severity)
	}
	heading := r.colours.bold(e.ID) + "  " + severity
	switch e.Count {
	case 0:
	case 1:
		heading += ", once"
	default:
		heading += fmt.Sprintf(", %d times", e.Count)
	}
	fmt.Fprintln(r.out, heading)
}

func (r explainReport) writeLine(e errorlog.Entry) {
	fmt.Fprintf(r.out, "  %-7s %s\n", "Line", e.Example)
}

func (r explainReport) writeCount(tally *errorlog.Tally) {
	fmt.Fprintf(r.out, "%d of %d lines are known messages of mod_wsgi and what goes with it.\n", tally.Explained, tally.Lines)
}
