package modwsgi

import (
	"math"
	"strconv"
	"strings"
)

// Number is what mod_wsgi reads a whole number as (atoi of the C library):
// leading blanks and the digits up to the first other character, 0 where there
// are none, and of a number beyond an int its last 32 bits.
func Number(text string) int { return int(int32(longNumber(text))) } //nolint:gosec // as the C library does

// longNumber is atoi for 64 bits, which stops at the ends of its range
// (apr_atoi64).
func longNumber(text string) int64 {
	text = strings.TrimLeft(text, cSpaces)
	end := 0
	for end < len(text) && (text[end] >= '0' && text[end] <= '9' || end == 0 && (text[end] == '-' || text[end] == '+')) {
		end++
	}
	n, _ := strconv.ParseInt(text[:end], 10, 64)
	return n
}

// cSpaces are what the C library passes over before a number.
const cSpaces = " \t\n\v\f\r"

// octal reads a whole text as octal digits (strtol with base 8), false where
// that is not to be had.
func octal(text string) (int64, bool) {
	n, err := strconv.ParseInt(strings.TrimLeft(text, cSpaces), 8, 64)
	return n, err == nil
}

// fraction reads a number of seconds with its fraction (strtod); false where
// the text is none or goes on after it.
func fraction(text string) (float64, bool) {
	n, err := strconv.ParseFloat(strings.TrimLeft(text, cSpaces), 64)
	return n, err == nil || math.IsInf(n, 0) // beyond the range is infinite in C
}

// longestFraction is how many characters of a number are looked at: the text
// may be anybody's, and each of its beginnings is tried.
const longestFraction = 64

// leadingFraction is atof: the number that the text begins with, else 0.
func leadingFraction(text string) float64 {
	text = strings.TrimLeft(text, cSpaces)
	for end := min(len(text), longestFraction); end > 0; end-- {
		if n, ok := fraction(text[:end]); ok {
			return n
		}
	}
	return 0
}
