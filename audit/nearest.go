package audit

import "strings"

// nearest is the one name that differs from the misspelt one only in case, in
// "-" and "_", or in one letter; "" when there is none or more than one.
func nearest(misspelt string, names []string) string {
	found := ""
	for _, name := range names {
		if name == found || !isNear(plain(misspelt), plain(name)) {
			continue
		}
		if found != "" {
			return ""
		}
		found = name
	}
	return found
}

func plain(name string) string {
	return strings.NewReplacer("-", "", "_", "", ".", "").Replace(strings.ToLower(name))
}

// isNear tells whether two words are the same but for one letter put in, left
// out or replaced.
func isNear(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) == len(b) {
		return i == len(a) || a[i+1:] == b[i+1:]
	}
	return a[i:] == b[i+1:]
}
