package top

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/wsgictl/wsgictl/monitor"
)

// Source is where a Screen has it from what it shows.
type Source struct {
	View   func(context.Context) (monitor.View, error)
	AtHand func(ctx context.Context, group string) (monitor.AtHand, error) // of all groups where that is empty
	Clean  func(string) string                                             // what others wrote, as a terminal may have it
}

// each is how often a screen asks.
const each = time.Second

// framesPerSecond are more than a person types keys.
const framesPerSecond = 20

// Run shows it on a terminal until somebody quits, or the context is done.
func Run(ctx context.Context, from Source, in io.Reader, out io.Writer) error {
	program := tea.NewProgram(newScreen(ctx, from), tea.WithContext(ctx), tea.WithInput(in), tea.WithOutput(out),
		tea.WithoutSignalHandler(), tea.WithFPS(framesPerSecond))
	_, err := program.Run()
	if err != nil && !errors.Is(err, tea.ErrProgramKilled) { // by the context
		return fmt.Errorf("show what runs on this terminal: %w", err)
	}
	return nil
}

// level is what a screen shows; Enter goes to the next one.
type level int

const (
	ofGroups level = iota
	ofProcesses
	ofRequests
	ofStack
)

// scope is what was chosen on the way to a level: "" and 0 are all.
type scope struct {
	group   string
	isGroup bool // chosen: embedded mode has no name
	pid     int
	request string // its key
}

func (s scope) hasGroup(g monitor.Group) bool { return !s.isGroup || g.Name == s.group }

func (s scope) has(r atHand) bool {
	return (!s.isGroup || r.Group == s.group) && (s.pid == 0 || r.PID == s.pid)
}

// screen is the state of what is shown.
type screen struct {
	ctx    context.Context //nolint:containedctx // bubbletea's commands have none
	from   Source
	tables tables
	width  int
	height int

	view   monitor.View
	atHand monitor.AtHand
	err    error // why there is nothing newer

	level    level
	scope    scope
	selected [ofStack]string // keys, by level
	first    int             // line that is shown first
	orders   [ofStack]order
	filter   string
	isTyping bool // a filter
	request  *atHand
}

func newScreen(ctx context.Context, from Source) *screen {
	return &screen{ctx: ctx, from: from, tables: tables{from.Clean}, width: 80, height: 24}
}

// What comes from the monitor.
type (
	viewMessage struct {
		view monitor.View
		err  error
	}
	atHandMessage struct{ report monitor.AtHand }
	nextMessage   struct{}
)

// Init asks for the first time.
func (s *screen) Init() tea.Cmd { return tea.Batch(s.ask(), s.askAtHand()) }

func (s *screen) ask() tea.Cmd {
	return func() tea.Msg {
		view, err := s.from.View(s.ctx)
		return viewMessage{view, err}
	}
}

// askAtHand asks the processes, which is done only while somebody looks at requests.
func (s *screen) askAtHand() tea.Cmd {
	group := s.scope.group
	return func() tea.Msg {
		report, err := s.from.AtHand(s.ctx, group)
		if err != nil {
			return nil // the view tells so too
		}
		return atHandMessage{report}
	}
}

// Update takes a key, the size of the terminal, or what the monitor says.
func (s *screen) Update(message tea.Msg) (tea.Model, tea.Cmd) {
	switch m := message.(type) {
	case tea.WindowSizeMsg:
		s.width, s.height = max(m.Width, 20), max(m.Height, 5)
	case viewMessage:
		if s.err = m.err; m.err == nil {
			s.view = m.view
		}
		return s, tea.Tick(each, func(time.Time) tea.Msg { return nextMessage{} })
	case atHandMessage:
		s.atHand = m.report
		s.follow()
	case nextMessage:
		if s.level >= ofRequests {
			return s, tea.Batch(s.ask(), s.askAtHand())
		}
		return s, s.ask()
	case tea.KeyPressMsg:
		return s, s.press(m)
	}
	return s, nil
}

// follow keeps the request whose stack is shown as it is now, or as it was last.
func (s *screen) follow() {
	for _, r := range s.requests() {
		if r.key() == s.scope.request {
			s.request = &r
		}
	}
}

func (s *screen) press(key tea.KeyPressMsg) tea.Cmd {
	if s.isTyping {
		s.typed(key)
		return nil
	}
	switch key.String() {
	case "q", "ctrl+c":
		return tea.Quit
	case "up", "k":
		s.move(-1)
	case "down", "j":
		s.move(1)
	case "pgup":
		s.move(-s.body())
	case "pgdown":
		s.move(s.body())
	case "home", "g":
		s.move(-1 << 20)
	case "end", "G":
		s.move(1 << 20)
	case "enter", "right":
		return s.down()
	case "esc", "left", "backspace":
		s.up()
	case "s":
		s.sortByNext()
	case "r":
		if s.level < ofStack {
			s.orders[s.level].turned = !s.orders[s.level].turned
		}
	case "/":
		s.isTyping = s.level < ofStack
	case "p", "t":
		s.level, s.scope, s.first, s.filter = map[string]level{"p": ofProcesses, "t": ofRequests}[key.String()], scope{}, 0, ""
		return s.askAtHand()
	}
	return nil
}

// typed takes a key for the filter.
func (s *screen) typed(key tea.KeyPressMsg) {
	switch key.String() {
	case "enter":
		s.isTyping = false
	case "esc", "ctrl+c":
		s.isTyping, s.filter = false, ""
	case "backspace":
		if runes := []rune(s.filter); len(runes) > 0 {
			s.filter = string(runes[:len(runes)-1])
		}
	default:
		const longest = 60
		if len(s.filter) < longest {
			s.filter += s.from.Clean(key.Key().Text)
		}
	}
}

// move selects another row, or shows another part of a stack.
func (s *screen) move(by int) {
	if s.level == ofStack {
		s.first = max(0, s.first+by)
		return
	}
	rows := s.table().rows
	if len(rows) == 0 {
		return
	}
	at := min(max(s.at(rows)+by, 0), len(rows)-1)
	s.selected[s.level] = rows[at].key
}

// at is the selected row; the first one where that is gone.
func (s *screen) at(rows []row) int {
	return max(0, slices.IndexFunc(rows, func(r row) bool { return r.key == s.selected[s.level] }))
}

// down goes to what the selected row has.
func (s *screen) down() tea.Cmd {
	if s.level == ofStack {
		return nil
	}
	rows := s.table().rows
	if len(rows) == 0 {
		return nil
	}
	key := rows[s.at(rows)].key
	s.selected[s.level] = key
	switch s.level {
	case ofGroups:
		s.scope.group, s.scope.isGroup = key, true
	case ofProcesses:
		_, _ = fmt.Sscan(key, &s.scope.pid) // a number, as it was made
	case ofRequests:
		s.scope.request, s.request = key, nil
		s.follow()
	case ofStack:
	}
	s.level, s.first, s.filter = s.level+1, 0, ""
	return s.askAtHand()
}

// up goes back to where that was chosen.
func (s *screen) up() {
	if s.level == ofGroups {
		s.filter = ""
		return
	}
	s.level, s.first, s.filter = s.level-1, 0, ""
	switch s.level {
	case ofGroups:
		s.scope = scope{}
	case ofProcesses:
		s.scope.pid = 0
	case ofRequests:
		s.scope.request = ""
	case ofStack:
	}
}

func (s *screen) sortByNext() {
	if s.level < ofStack {
		by := &s.orders[s.level]
		*by = order{(by.column + 1) % len(s.table().columns), false}
	}
}

// table is that of the level, as it is sorted and filtered.
func (s *screen) table() table {
	var t table
	switch s.level {
	case ofGroups:
		t = s.tables.groups(s.view)
	case ofProcesses:
		t = s.tables.processes(s.view, s.scope.hasGroup)
	case ofRequests, ofStack:
		t = s.tables.requests(s.requests())
	}
	return t.filtered(s.filter).sorted(s.orders[min(s.level, ofRequests)])
}

// requests are those of the scope that are at hand: as the processes say that were
// asked, or else the slow ones, of which they tell by themselves.
func (s *screen) requests() []atHand {
	all := slow(s.view)
	if s.atHand.Asked > 0 {
		all = nil
		for _, r := range s.atHand.Requests {
			all = append(all, atHand{r, true})
		}
	}
	return slices.DeleteFunc(all, func(r atHand) bool { return !s.scope.has(r) })
}
