// Package plural counts things in English, for messages.
//
//	plural.Count(1, "change") // 1 change
//	plural.Count(2, "process") // 2 processes
package plural

import (
	"fmt"
	"strings"
)

// Count gives a number with the thing that it counts, whose plural is regular.
func Count(number int, thing string) string {
	switch {
	case number == 1:
		return "1 " + thing
	case strings.HasSuffix(thing, "x") || strings.HasSuffix(thing, "s"):
		return fmt.Sprintf("%d %ses", number, thing)
	}
	return fmt.Sprintf("%d %ss", number, thing)
}
