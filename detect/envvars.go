package detect

import (
	"cmp"
	"regexp"
	"strings"
	"sync"
)

var (
	shellAssignment = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^\s*(?:export\s+|:\s+\$\{)?([A-Za-z_][A-Za-z0-9_]*):?=(.*)$`)
	})
	shellReference = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`\$(?:\{([A-Za-z_][A-Za-z0-9_]*)[^}]*\}|([A-Za-z_][A-Za-z0-9_]*))`)
	})
)

// shellAssignments reads the NAME=value lines of a file that a shell would
// source, such as Apache's envvars, on top of the variables known before. No
// shell runs: of a conditional the last assignment stands, which for Debian's
// SUFFIX is the one of the default instance; what a command would compute
// stays unknown.
func shellAssignments(text string, known map[string]string) map[string]string {
	variables := map[string]string{}
	for name, value := range known {
		variables[name] = value
	}
	for line := range strings.Lines(text) {
		m := shellAssignment().FindStringSubmatch(strings.TrimRight(line, "\r\n"))
		if m == nil || strings.ContainsAny(m[2], "`") || strings.Contains(m[2], "$(") {
			continue
		}
		variables[m[1]] = expandShell(shellWord(m[2]), variables)
	}
	return variables
}

// shellWord takes the quotes off a value and drops what follows the word.
func shellWord(text string) string {
	text = strings.TrimSpace(text)
	if text == "" {
		return ""
	}
	if quote := text[0]; quote == '"' || quote == '\'' {
		if end := strings.IndexByte(text[1:], quote); end >= 0 {
			return text[1 : 1+end]
		}
	}
	if end := strings.IndexAny(text, " \t;#"); end >= 0 {
		text = text[:end]
	}
	return strings.TrimSuffix(text, "}") // of ": ${NAME:=value}"
}

// expandShell replaces $NAME and ${NAME}; ${NAME%%word} and its like give
// the whole value.
func expandShell(text string, variables map[string]string) string {
	return shellReference().ReplaceAllStringFunc(text, func(reference string) string {
		m := shellReference().FindStringSubmatch(reference)
		return variables[cmp.Or(m[1], m[2])]
	})
}
