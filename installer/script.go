package installer

import (
	"fmt"
	"strings"
)

// maxShebang is the longest first line that every kernel in use reads whole:
// Linux before 5.1 took 127 bytes.
const maxShebang = 127

// consoleScript is a script that calls an entry point under an interpreter. An
// interpreter whose path a "#!" line cannot hold is started by sh, which takes
// the script's second line for a command, where Python sees a string.
func consoleScript(interpreter string, entry entryPoint) []byte {
	first := "#!" + interpreter
	if len(first) > maxShebang || strings.ContainsAny(interpreter, " \t") {
		first = fmt.Sprintf("#!/bin/sh\n'''exec' \"%s\" \"$0\" \"$@\"\n' '''", shQuoted.Replace(interpreter))
	}
	return fmt.Appendf(nil, `%s
import sys

from %s import %s

if __name__ == '__main__':
    sys.exit(%s())
`, first, entry.module, entry.function, entry.function)
}

// shQuoted takes characters that mean something to sh between double quotes
// out of these, in a way that a Python string bears without a warning.
var shQuoted = strings.NewReplacer(`"`, `"'"'"`, `$`, `"'$'"`, "`", "\"'`'\"", `\`, `"'\'"`)
