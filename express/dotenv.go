package express

import (
	"slices"
	"strings"
)

// valueIn reads one of the lines NAME=VALUE of a file such as python-dotenv
// takes: with "export" before, in quotes, and a comment behind.
func valueIn(text, wanted string) string {
	found := ""
	for line := range strings.Lines(text) {
		name, value := dotenvLine(line)
		if name != wanted {
			continue
		}
		value = strings.TrimSpace(value)
		if quote := strings.IndexAny(value, `'"`); quote == 0 {
			value, _, _ = strings.Cut(value[1:], value[:1])
		} else {
			value, _, _ = strings.Cut(value, " #")
		}
		found = strings.TrimSpace(value) // the last wins
	}
	return found
}

// variablesIn are the variables that such a file sets, without those that begin with
// a prefix.
func variablesIn(text, without string) []string {
	var names []string
	for line := range strings.Lines(text) {
		name, _ := dotenvLine(line)
		if name != "" && !strings.HasPrefix(name, without) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// dotenvLine parts a line; the name is empty where it sets nothing.
func dotenvLine(line string) (name, value string) {
	line = strings.TrimPrefix(strings.TrimSpace(line), "export ")
	name, value, sets := strings.Cut(line, "=")
	if !sets || strings.HasPrefix(line, "#") {
		return "", ""
	}
	return strings.TrimSpace(name), value
}
