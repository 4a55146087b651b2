package roll

import (
	"bytes"

	"github.com/wsgictl/wsgictl/errorlog"
	"github.com/wsgictl/wsgictl/trust"
)

// What is read of the end of a log, in bytes, and shown, in lines.
const (
	lookedAt  = 256 << 10
	mostLines = 40
)

// said is what the error log says of a process, without what Apache puts before each
// line; none where the log is no file that may be read.
func (g Group) said(pid int) []string {
	if g.Log == "" {
		return nil
	}
	text, err := trust.ReadEnd(g.Log, lookedAt)
	if err != nil {
		return nil
	}
	return linesOf(text, pid)
}

// linesOf are the last lines that a process wrote as warnings or errors.
func linesOf(text []byte, pid int) []string {
	var lines []string
	for line := range bytes.Lines(text) {
		if what, is := errorlog.SaidBy(line, pid); is {
			lines = append(lines, what)
		}
	}
	return lines[max(0, len(lines)-mostLines):]
}
