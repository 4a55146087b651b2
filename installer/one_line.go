package installer

import (
	"strings"
	"unicode"
)

// maxLine bounds, in characters, what is shown of a text of others.
const maxLine = 500

// oneLine is a text of others as a message can hold it: on one line that is not
// too long.
func oneLine(text string) string {
	var shown strings.Builder
	count := 0
	for _, char := range text {
		if count++; count > maxLine {
			return shown.String() + "…"
		}
		if unicode.IsSpace(char) {
			char = ' '
		}
		shown.WriteRune(char)
	}
	return strings.TrimSpace(shown.String())
}
