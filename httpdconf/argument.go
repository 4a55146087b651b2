package httpdconf

import (
	"fmt"
	"strings"
)

// Quote writes value as one argument of a directive so that Apache reads back
// exactly value: ap_getword_conf (server/util.c) ends a quoted word at the
// matching quote and takes a backslash away only before that quote or another
// backslash.
//
// A value that no quoting can carry is an error: one with a newline or a NUL,
// which end the line for Apache, and one with "${", which Apache replaces
// before it looks at quotes.
func Quote(value string) (string, error) {
	if i := strings.IndexAny(value, "\n\r\x00"); i >= 0 {
		return "", fmt.Errorf("value %q: %q cannot stand in Apache configuration", value, value[i])
	}
	if strings.Contains(value, "${") {
		return "", fmt.Errorf("value %q: Apache would replace ${…} by a variable", value)
	}
	escaped := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value)
	return `"` + escaped + `"`, nil
}
