package repository

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// matchPath matches a path with a pattern of .gitignore that has a slash, both in
// their parts: "**" as a part is any number of folders, and at the end everything
// inside (git: wildmatch.c with WM_PATHNAME). It takes time in the product of both
// lengths.
func matchPath(pattern, path []string) bool {
	matches := make([]bool, len(path)+1) // the rest of the pattern the path from here on
	matches[len(path)] = true
	for i := len(pattern) - 1; i >= 0; i-- {
		part := pattern[i]
		next := make([]bool, len(path)+1)
		for j := len(path); j >= 0; j-- {
			switch {
			case part == "**" && i == len(pattern)-1:
				next[j] = j < len(path)
			case part == "**":
				next[j] = matches[j] || j < len(path) && next[j+1]
			default:
				next[j] = j < len(path) && matches[j+1] && matchName(part, path[j])
			}
		}
		matches = next
	}
	return matches[0]
}

// matchName matches a name without slashes.
func matchName(pattern, name string) bool { return expr.MatchStars(pattern, name, matchByte) }

// matchByte is the length of the first element of a pattern where that stands for
// c, and else 0.
func matchByte(pattern string, c byte) int {
	if pattern == "" {
		return 0
	}
	switch pattern[0] {
	case '?':
		return 1
	case '[':
		width, matches := matchSet(pattern, c)
		if matches {
			return width
		}
		return 0
	case '\\':
		if len(pattern) > 1 && pattern[1] == c {
			return 2
		}
		return 0
	}
	if pattern[0] == c {
		return 1
	}
	return 0
}

// matchSet matches "[…]". One without its end matches nothing.
func matchSet(pattern string, c byte) (width int, matches bool) {
	i := 1
	negated := i < len(pattern) && (pattern[i] == '!' || pattern[i] == '^')
	if negated {
		i++
	}
	for start := i; i < len(pattern); i++ {
		if pattern[i] == ']' && i > start {
			return i + 1, matches != negated
		}
		if class, ok := classAt(pattern[i:]); ok {
			member, known := inClass(class, c)
			if !known {
				return 0, false
			}
			matches = matches || member
			i += len("[::]") + len(class) - 1
			continue
		}
		low, next := setByte(pattern, i)
		high := low
		if i = next; i+2 < len(pattern) && pattern[i+1] == '-' && pattern[i+2] != ']' {
			high, i = setByte(pattern, i+2)
		}
		matches = matches || low <= c && c <= high
	}
	return 0, false
}

// longestClass is as far as the end of a class is looked for, so that a set takes
// time that goes with its length.
const longestClass = 32

// classAt is the name of the class that a part of a set begins with: "[:alpha:]".
func classAt(pattern string) (class string, ok bool) {
	rest, ok := strings.CutPrefix(pattern, "[:")
	if !ok {
		return "", false
	}
	class, _, ok = strings.Cut(rest[:min(len(rest), longestClass)], ":]")
	return class, ok && !strings.Contains(class, "]")
}

// setByte is the character of a set at i, and where it ends.
func setByte(pattern string, i int) (c byte, last int) {
	if pattern[i] == '\\' && i+1 < len(pattern) {
		i++
	}
	return pattern[i], i
}

// inClass tells whether a character is in a class such as alpha, in ASCII.
func inClass(class string, c byte) (member, known bool) {
	isDigit, isLower, isUpper := '0' <= c && c <= '9', 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z'
	isGraph := '!' <= c && c <= '~'
	switch class {
	case "alpha":
		return isLower || isUpper, true
	case "alnum":
		return isLower || isUpper || isDigit, true
	case "digit":
		return isDigit, true
	case "lower":
		return isLower, true
	case "upper":
		return isUpper, true
	case "xdigit":
		return isDigit || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F', true
	case "punct":
		return isGraph && !isLower && !isUpper && !isDigit, true
	case "graph":
		return isGraph, true
	case "print":
		return isGraph || c == ' ', true
	case "space":
		return c == ' ' || '\t' <= c && c <= '\r', true
	case "blank":
		return c == ' ' || c == '\t', true
	case "cntrl":
		return c < ' ' || c == 0x7F, true
	}
	return false, false
}
