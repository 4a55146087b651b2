package installer

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxLine bounds, in characters, what is shown of a text of others.
const maxLine = 500

// oneLine is a text of others as it may be printed: on one line, and without
// characters that steer a terminal or change the order in which it is read.
func oneLine(text string) string {
	var shown strings.Builder
	count := 0
	for _, char := range text {
		if count++; count > maxLine {
			return shown.String() + "…"
		}
		switch {
		case unicode.IsSpace(char):
			char = ' '
		case !unicode.IsGraphic(char):
			char = utf8.RuneError
		}
		shown.WriteRune(char)
	}
	return strings.TrimSpace(shown.String())
}
