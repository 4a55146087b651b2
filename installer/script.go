package installer

import (
	"fmt"
	"strings"
)

// maxShebang is the longest first line that every kernel in use reads whole:
// Linux before 5.1 took 127 bytes.
const maxShebang = 127

// shebang starts a script under an interpreter. An interpreter whose path a "#!"
// line cannot hold is started by sh, which takes the script's second line for a
// command, where Python sees a string.
func shebang(interpreter string) string {
	first := "#!" + interpreter
	if len(first) > maxShebang || strings.ContainsAny(interpreter, " \t") {
		first = fmt.Sprintf("#!/bin/sh\n'''exec' \"%s\" \"$0\" \"$@\"\n' '''", shQuoted.Replace(interpreter))
	}
	return first
}

// shebangBeside starts a script under an interpreter beside it, wherever that is,
// as uv does in a virtualenv that was made with --relocatable.
func shebangBeside(interpreter string) string {
	return fmt.Sprintf("#!/bin/sh\n'''exec' \"$(dirname -- \"$(realpath -- \"$0\")\")\"/'%s' \"$0\" \"$@\"\n' '''", interpreter)
}

// consoleScript is a script that calls an entry point.
func consoleScript(shebang string, entry entryPoint) []byte {
	return fmt.Appendf(nil, `%s
import sys

from %s import %s

if __name__ == '__main__':
    sys.exit(%s())
`, shebang, entry.module, entry.function, entry.function)
}

// shQuoted takes characters that mean something to sh between double quotes
// out of these, in a way that a Python string bears without a warning.
var shQuoted = strings.NewReplacer(`"`, `"'"'"`, `$`, `"'$'"`, "`", "\"'`'\"", `\`, `"'\'"`)
