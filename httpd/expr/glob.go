package expr

import "strings"

// IsPattern tells whether httpd takes path for a pattern (apr_fnmatch_test).
func IsPattern(path string) bool {
	nesting := 0
	for i := 0; i < len(path); i++ {
		switch path[i] {
		case '?', '*':
			return true
		case '\\':
			if i++; i == len(path) {
				return false
			}
		case '[':
			nesting++
		case ']':
			if nesting > 0 {
				return true
			}
		}
	}
	return false
}

// GlobFlags are those of apr_fnmatch.
type GlobFlags uint8

const (
	GlobPathname GlobFlags = 1 << iota // "/" is only matched by itself
	GlobPeriod                         // a dot at the start is only matched by itself
)

// MatchGlob is apr_fnmatch: "*", "?", "[…]" with "!" or "^" for all others,
// and "\" before a character that means itself.
func MatchGlob(pattern, name string, flags GlobFlags) bool {
	if flags&GlobPathname != 0 {
		return matchPath(pattern, name, flags)
	}
	return matchSegment(pattern, name, flags)
}

// matchPath matches part by part, with as many slashes on both sides.
func matchPath(pattern, name string, flags GlobFlags) bool {
	for {
		p, patternRest, morePattern := strings.Cut(pattern, "/")
		n, nameRest, moreName := strings.Cut(name, "/")
		if morePattern != moreName || !matchSegment(p, n, flags) {
			return false
		}
		if !morePattern {
			return true
		}
		pattern, name = patternRest, nameRest
	}
}

func matchSegment(pattern, name string, flags GlobFlags) bool {
	if flags&GlobPeriod != 0 && strings.HasPrefix(name, ".") && !strings.HasPrefix(pattern, ".") &&
		!strings.HasPrefix(pattern, `\.`) {
		return false
	}
	return MatchStars(pattern, name, matchOne)
}

// MatchStars matches a name with a pattern in which "*" stands for any text, and
// other elements for one byte each: one gives the length of the first element of
// a pattern where that stands for c, and else 0. It takes time in the product of
// both lengths at most: only the last "*" is ever tried again.
func MatchStars(pattern, name string, one func(pattern string, c byte) int) bool {
	p, n, starP, starN := 0, 0, -1, 0
	for n < len(name) {
		if p < len(pattern) && pattern[p] == '*' {
			starP, starN = p, n
			p++
			continue
		}
		if width := one(pattern[p:], name[n]); width > 0 {
			p, n = p+width, n+1
			continue
		}
		if starP < 0 {
			return false
		}
		starN++
		p, n = starP+1, starN
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// matchOne matches the first element of pattern against c, and gives the
// length of that element, or 0 when it does not match.
func matchOne(pattern string, c byte) int {
	if pattern == "" {
		return 0
	}
	switch pattern[0] {
	case '?':
		return 1
	case '[':
		if width, matches := matchClass(pattern, c); width > 0 {
			if matches {
				return width
			}
			return 0
		}
	case '\\':
		if len(pattern) > 1 {
			if pattern[1] == c {
				return 2
			}
			return 0
		}
	}
	if pattern[0] == c {
		return 1
	}
	return 0
}

// matchClass matches "[…]"; width is 0 when pattern has no closing bracket,
// and so is no class.
func matchClass(pattern string, c byte) (width int, matches bool) {
	i := 1
	negated := i < len(pattern) && (pattern[i] == '!' || pattern[i] == '^')
	if negated {
		i++
	}
	for start := i; i < len(pattern); i++ {
		if pattern[i] == ']' && i > start {
			return i + 1, matches != negated
		}
		if pattern[i] == '\\' && i+1 < len(pattern) {
			i++
		}
		low, high := pattern[i], pattern[i]
		if i+2 < len(pattern) && pattern[i+1] == '-' && pattern[i+2] != ']' {
			i += 2
			if pattern[i] == '\\' && i+1 < len(pattern) {
				i++
			}
			high = pattern[i]
		}
		matches = matches || low <= c && c <= high
	}
	return 0, false
}
