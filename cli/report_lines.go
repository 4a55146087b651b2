package cli

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// reportWidth is how many columns a report for people has. A word that is
// longer, such as a path, goes beyond it: whole, so that it can be copied.
const reportWidth = 80

// writeLabelled prints a text in lines below one another, after its label.
func writeLabelled(out io.Writer, label, text string) {
	writeHanging(out, fmt.Sprintf("  %-7s ", label), 10, text)
}

// writeHanging prints a text that goes on after a head, and in further lines
// below one another that begin with indent blanks.
func writeHanging(out io.Writer, head string, indent int, text string) {
	line, column, first := head, visible(head), true
	for word := range strings.FieldsSeq(text) {
		switch wide := visible(word); {
		case first:
			column += wide
		case column+1+wide > reportWidth:
			fmt.Fprintln(out, line)
			line, column = strings.Repeat(" ", indent), indent+wide
		default:
			line, column = line+" ", column+1+wide
		}
		line, first = line+word, false
	}
	fmt.Fprintln(out, strings.TrimRight(line, " "))
}

// visible is how many letters a terminal shows of a text: colours are none.
func visible(text string) int {
	if !strings.Contains(text, "\x1b") {
		return utf8.RuneCountInString(printable(text))
	}
	count := 0
	for i, part := range strings.Split(text, colourMark()) {
		if i > 0 { // the rest of a colour's sequence
			_, part, _ = strings.Cut(part, "m")
		}
		count += utf8.RuneCountInString(printable(part))
	}
	return count
}
