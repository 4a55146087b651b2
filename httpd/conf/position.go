package conf

import "fmt"

// Pos is a place in a file. Line and Column count from 1, Offset from 0;
// Column and Offset count bytes.
type Pos struct {
	File         string
	Line, Column int
	Offset       int
}

// String is the place as compilers write it: file:line:column.
func (p Pos) String() string {
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Span is a run of bytes of one file: from offset Start up to offset End.
type Span struct{ Start, End int }
