package conf

import (
	"errors"
	"regexp/syntax"
	"strings"
)

// patternAt checks the regular expression that argument i is.
func patternAt(i int, message string) func(*reader, *Directive) string {
	return func(_ *reader, d *Directive) string {
		if IsBrokenPattern(d.Word(i)) {
			return message
		}
		return ""
	}
}

// longestPattern is how long a regular expression may be to be looked at.
const longestPattern = 4096

// IsBrokenPattern tells a regular expression that PCRE refuses for certain: with
// parentheses or brackets that do not match, or a repetition of nothing. Where
// PCRE has syntax of its own, nothing is said.
func IsBrokenPattern(text string) bool {
	if !strings.ContainsAny(text, `()[*+?{\`) {
		return false // as most: nothing in it can be broken
	}
	plain := strings.ReplaceAll(text, "(?:", "(")
	for _, own := range []string{"(?", "(*", "[[", `\Q`, `\E`} {
		if strings.Contains(plain, own) {
			return false
		}
	}
	if len(text) > longestPattern {
		return false
	}
	_, err := syntax.Parse(plain, syntax.Perl)
	var problem *syntax.Error
	if !errors.As(err, &problem) {
		return false
	}
	switch problem.Code {
	case syntax.ErrMissingParen, syntax.ErrUnexpectedParen, syntax.ErrMissingBracket, syntax.ErrMissingRepeatArgument, syntax.ErrTrailingBackslash:
		return true
	}
	return false
}

// checkPattern checks the regular expression of a section (dirsection,
// urlsection, filesection).
func checkPattern(d *Directive) string {
	word, rest := Word(d.text())
	isMatch := d.Is("<DirectoryMatch") || d.Is("<LocationMatch") || d.Is("<FilesMatch")
	if !isMatch && word == "~" {
		word, _ = Word(rest)
		isMatch = d.Is("<Directory") || d.Is("<Location") || d.Is("<Files")
	}
	if isMatch && IsBrokenPattern(word) {
		return "Regex could not be compiled"
	}
	return ""
}
