package errorlog

import (
	"bytes"
	"strconv"
)

// SaidBy is what a process wrote with a line of an error log, without what stands before
// the text; false where another one did, or where the line tells what goes well.
func SaidBy(raw []byte, pid int) (text string, is bool) {
	l := parseLine(raw)
	number, ok := bytes.CutPrefix(l.process, []byte("pid "))
	number, _, _ = bytes.Cut(number, []byte(":"))
	if !ok || string(number) != strconv.Itoa(pid) || isQuiet(l.level) {
		return "", false
	}
	return string(bytes.TrimRight(l.text, "\r\n")), true
}

// isQuiet tells the levels of LogLevel below warn.
func isQuiet(level []byte) bool {
	for _, quiet := range []string{"notice", "info", "debug", "trace"} {
		if bytes.HasPrefix(level, []byte(quiet)) {
			return true
		}
	}
	return false
}
