package top

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// Around the lines of a table: a summary, where one is, and a blank above, and the keys below.
const (
	above = 3
	below = 1
)

// body is how many lines a screen has for its table or stack.
func (s *screen) body() int { return max(1, s.height-above-below) }

// How a line is shown that has something to tell.
const (
	bold    = "\x1b[1m"
	turned  = "\x1b[7m"
	plainly = "\x1b[0m"
)

// View is all of what is shown.
func (s *screen) View() tea.View {
	lines := []string{bold + s.fit("wsgictl top: "+s.state()) + plainly, s.fit(s.where()), ""}
	if s.level == ofStack {
		lines = append(lines, s.stack()...)
	} else {
		lines = append(lines, s.shownRows()...)
	}
	for len(lines) < s.height-below {
		lines = append(lines, "")
	}
	lines = append(lines, s.fit(s.keys()))
	view := tea.NewView(strings.Join(lines, "\n"))
	view.AltScreen = true
	return view
}

func (s *screen) fit(line string) string { return ansi.Truncate(line, s.width, "…") }

func (s *screen) state() string {
	switch {
	case s.err != nil:
		return s.tables.of(s.err.Error()).text
	case s.view.Version == 0:
		return "asking the monitor"
	}
	return summary(s.view)
}

// where is the way to what is shown.
func (s *screen) where() string {
	way := []string{"groups"}
	if s.level >= ofProcesses {
		group := "all"
		if s.scope.isGroup {
			group = s.tables.group(s.scope.group).text
		}
		way = append(way, group+": processes")
	}
	if s.level >= ofRequests {
		process := "all"
		if s.scope.pid != 0 {
			process = fmt.Sprint(s.scope.pid)
		}
		way = append(way, process+": requests at hand")
	}
	if s.level == ofStack {
		way = append(way, "stack")
	}
	where := strings.Join(way, " > ")
	if s.isTyping {
		return where + "   filter: " + s.filter + "_"
	}
	if s.filter != "" {
		where += "   filter: " + s.filter
	}
	return where
}

func (s *screen) keys() string {
	switch {
	case s.isTyping:
		return "Enter keep the filter, Esc drop it"
	case s.level == ofStack:
		return "Up/Down scroll, Esc back, q quit"
	}
	return "Enter open, Esc back, s sort by the next column, r turn, / filter, p t, q quit"
}

// shownRows are those around the selected one, below their titles.
func (s *screen) shownRows() []string {
	t := s.table()
	if len(t.rows) == 0 {
		return []string{s.fit(s.nothing())}
	}
	lines := t.lines(s.width, &s.orders[s.level])
	at, room := s.at(t.rows), max(1, s.body()-1)
	s.first = min(max(s.first, at-room+1), at)
	shown := []string{bold + s.fit(lines[0]) + plainly}
	for i, line := range lines[1+s.first : min(len(lines), 1+s.first+room)] {
		if s.first+i == at {
			line = turned + s.fit(line+strings.Repeat(" ", max(0, s.width-ansi.StringWidth(line)))) + plainly
		} else {
			line = s.fit(line)
		}
		shown = append(shown, line)
	}
	return shown
}

func (s *screen) nothing() string {
	switch {
	case s.filter != "":
		return "Nothing has this in it."
	case s.level == ofRequests && s.atHand.Asked > 0:
		return "No request is at hand."
	case s.level == ofRequests:
		return "No slow request is at hand; the file of \"wsgictl telemetry-script\" lets all be shown."
	}
	return "No process has reported yet."
}

// stack is where the chosen request is, the last call first.
func (s *screen) stack() []string {
	r := s.request
	if r == nil {
		return []string{"The request is done."}
	}
	lines := []string{s.tables.of(fmt.Sprintf("%s %s%s", r.Method, r.Host, r.Path)).text,
		s.tables.of(fmt.Sprintf("from %s, for %s; process %d, thread %d", r.Client, duration(r.Age).text, r.PID, r.Thread)).text, ""}
	if !r.isAsked {
		lines = append(lines, "Its process was not asked where it is: load the file of \"wsgictl telemetry-script\".")
	}
	for i := len(r.Stack) - 1; i >= 0; i-- {
		call := r.Stack[i]
		lines = append(lines, s.tables.of(fmt.Sprintf("%s:%d in %s", call.File, call.Line, call.Function)).text)
		if call.Code != "" {
			lines = append(lines, "    "+s.tables.of(call.Code).text)
		}
	}
	s.first = min(s.first, max(0, len(lines)-s.body()))
	shown := lines[s.first:min(len(lines), s.first+s.body())]
	for i := range shown {
		shown[i] = s.fit(shown[i])
	}
	return shown
}
