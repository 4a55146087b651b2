package installer

import (
	"fmt"
	"strings"
)

// parseINI reads a file as Python's RawConfigParser does and gives its values
// by "section.key". A line that is indented goes on with the value before it.
func parseINI(text string) (map[string]string, error) {
	values := map[string]string{}
	section, key, number := "", "", 0
	for line := range strings.Lines(text) {
		number++
		trimmed := strings.TrimSpace(line)
		indented := line != "" && strings.ContainsRune(" \t", rune(line[0]))
		switch {
		case trimmed == "" || trimmed[0] == '#' || trimmed[0] == ';':
		case indented && key != "":
			values[key] = strings.TrimSpace(values[key] + "\n" + trimmed)
		case trimmed[0] == '[':
			name, rest, ok := strings.Cut(trimmed[1:], "]")
			if !ok || rest != "" {
				return nil, fmt.Errorf("line %d: not a section: %q", number, trimmed)
			}
			section, key = name, ""
		default:
			i := strings.IndexAny(trimmed, "=:")
			if i < 1 || section == "" {
				return nil, fmt.Errorf("line %d: neither a section nor a value", number) // the line may hold a secret
			}
			key = section + "." + strings.ToLower(strings.TrimSpace(trimmed[:i]))
			values[key] = strings.TrimSpace(trimmed[i+1:])
		}
	}
	return values, nil
}
