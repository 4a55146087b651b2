package top

import (
	"cmp"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// table is what is shown of things of one kind.
type table struct {
	columns []column
	rows    []row
}

// column is what is told of each of them.
type column struct {
	title    string
	isNumber bool // right-aligned, and sorted from the largest one
	isLong   bool // takes what the others leave of a line, and is cut off there
}

// row is one of them.
type row struct {
	key   string // by which it is found again in a later table
	cells []cell
}

// cell is a text of one line, with what it is sorted by in a column of numbers.
type cell struct {
	text   string
	number float64
}

func text(s string) cell { return cell{text: s} }

// order is the column by which a table is sorted; of numbers the largest one comes
// first, unless it is turned around.
type order struct {
	column int
	turned bool
}

// sorted gives the rows in an order, those that are equal as they were.
func (t table) sorted(by order) table {
	if by.column >= len(t.columns) {
		return t
	}
	isNumber := t.columns[by.column].isNumber
	t.rows = slices.Clone(t.rows)
	slices.SortStableFunc(t.rows, func(a, b row) int {
		x, y := a.cells[by.column], b.cells[by.column]
		c := cmp.Compare(x.text, y.text)
		if isNumber {
			c = cmp.Compare(y.number, x.number)
		}
		if by.turned {
			return -c
		}
		return c
	})
	return t
}

// filtered gives the rows that have this in one of their cells, in upper or lower case.
func (t table) filtered(by string) table {
	by = strings.ToLower(by)
	t.rows = slices.DeleteFunc(slices.Clone(t.rows), func(r row) bool {
		return !slices.ContainsFunc(r.cells, func(c cell) bool { return strings.Contains(strings.ToLower(c.text), by) })
	})
	return t
}

// shortest is how much of a long text is shown however narrow the terminal is.
const shortest = 8

// widths are those of the columns, and the gap between two, in a line of so many
// characters; of any length where that is 0.
func (t table) widths(line int) (widths []int, gap int) {
	sum, long := 0, -1
	for i, c := range t.columns {
		width := ansi.StringWidth(c.title)
		for _, r := range t.rows {
			width = max(width, ansi.StringWidth(r.cells[i].text))
		}
		widths = append(widths, width)
		sum += width
		if c.isLong {
			long = i
		}
	}
	gap = 2
	if gaps := len(widths) - 1; line > 0 && sum+gap*gaps > line {
		gap = 1
		if over := sum + gap*gaps - line; over > 0 && long >= 0 {
			widths[long] = max(min(widths[long], shortest), widths[long]-over)
		}
	}
	return widths, gap
}

// lines lays a table out: its titles, and each row. Of the titles, that by which it is
// sorted has a mark where there is an order.
func (t table) lines(width int, by *order) []string {
	if by != nil && by.column < len(t.columns) {
		t.columns = slices.Clone(t.columns)
		t.columns[by.column].title += sign(*by)
	}
	widths, gap := t.widths(width)
	titles := make([]cell, len(t.columns))
	for i, c := range t.columns {
		titles[i] = text(c.title)
	}
	lines := []string{t.line(titles, widths, gap)}
	for _, r := range t.rows {
		lines = append(lines, t.line(r.cells, widths, gap))
	}
	return lines
}

func sign(by order) string {
	if by.turned {
		return "^"
	}
	return "*"
}

func (t table) line(cells []cell, widths []int, gap int) string {
	var line strings.Builder
	for i, c := range cells {
		shown := ansi.Truncate(c.text, widths[i], "…")
		blank := strings.Repeat(" ", widths[i]-ansi.StringWidth(shown))
		if i > 0 {
			line.WriteString(strings.Repeat(" ", gap))
		}
		if t.columns[i].isNumber {
			line.WriteString(blank + shown)
		} else {
			line.WriteString(shown + blank)
		}
	}
	return strings.TrimRight(line.String(), " ")
}
