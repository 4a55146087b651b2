package expr

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"
)

// How large the regular expressions of a configuration may be, in instructions
// of about 40 bytes. Counted repetitions make a thousand of one letter. Those that
// are no larger than their text makes expect are bounded with the text alone, so
// that which of them are compiled does not hang on which are asked for first.
const (
	maxRegexp   = 64 << 10 // of one: PCRE2 refuses what it compiles to more than 64 KiB
	maxRegexps  = 4 << 20  // of all others together
	usualRegexp = 64       // of one, however short its text
	perByte     = 4        // of one for each byte of its text
)

// Regexps compiles the regular expressions of one configuration, each once.
type Regexps struct {
	mu       sync.Mutex
	compiled map[string]compiledRegexp
	size     int
}

type compiledRegexp struct {
	regexp *regexp.Regexp
	err    error
}

// Compile compiles a regular expression of httpd; with the flag "i" letters count
// in either case, with "m" lines do. Those of Perl that Go does not have
// (look-around, back references) are an error, and so are too large ones.
func (r *Regexps) Compile(text, flags string) (*regexp.Regexp, error) {
	text = regexpFlags(flags) + text
	r.mu.Lock()
	defer r.mu.Unlock()
	known, ok := r.compiled[text]
	if !ok {
		known.regexp, known.err = r.compileNew(text)
		if r.compiled == nil {
			r.compiled = map[string]compiledRegexp{}
		}
		r.compiled[text] = known
	}
	return known.regexp, known.err
}

// Match tells whether a regular expression of httpd matches a text, with the flags
// of Compile, and where its groups are in it, as
// [regexp.Regexp.FindStringSubmatchIndex] does. Whether one that Go cannot compile
// matches is Unknown, unless the text begins in another way than all that it
// matches.
func (r *Regexps) Match(pattern, flags, text string) (groups []int, matches Truth) {
	compiled, err := r.Compile(pattern, flags)
	if err != nil {
		if cannotMatch(pattern, flags, text) {
			return nil, False
		}
		return nil, Unknown
	}
	groups = compiled.FindStringSubmatchIndex(text)
	return groups, TruthOf(groups != nil)
}

// cannotMatch tells whether a text begins in another way than all that a regular
// expression matches, with "i" in any case.
func cannotMatch(pattern, flags, text string) bool {
	start := LiteralStart(pattern)
	if len(text) < len(start) || !strings.Contains(flags, "i") {
		return !strings.HasPrefix(text, start)
	}
	return !strings.EqualFold(text[:len(start)], start)
}

// regexpFlags are flags of httpd as Go writes them, before the text.
func regexpFlags(flags string) string {
	prefix := "(?s"
	if strings.Contains(flags, "i") {
		prefix += "i"
	}
	if strings.Contains(flags, "m") {
		prefix += "m"
	}
	return prefix + ")"
}

func (r *Regexps) compileNew(text string) (*regexp.Regexp, error) {
	if len(text) > maxRegexp {
		return nil, errors.New("the regular expression is too large")
	}
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return nil, err
	}
	size := instructions(parsed)
	switch {
	case size > maxRegexp:
		return nil, errors.New("the regular expression is too large")
	case size <= usualRegexp+perByte*len(text):
		return regexp.Compile(text)
	case r.size+size > maxRegexps:
		return nil, errors.New("the regular expressions of the configuration are too large together")
	}
	r.size += size
	return regexp.Compile(text)
}

// instructions is about how many a regular expression is compiled to.
func instructions(re *syntax.Regexp) int {
	n := 1
	for _, inner := range re.Sub {
		n += instructions(inner)
	}
	switch re.Op {
	case syntax.OpLiteral, syntax.OpCharClass:
		n += len(re.Rune)
	case syntax.OpRepeat:
		n *= max(re.Min, re.Max, 1)
	}
	return n
}

// LiteralStart is the text that whatever a regular expression matches begins
// with, as far as it is plain: "" for one that may match anywhere.
func LiteralStart(pattern string) string {
	pattern, anchored := strings.CutPrefix(pattern, "^")
	if !anchored || hasAlternatives(pattern) {
		return ""
	}
	end := strings.IndexAny(pattern, `\.[]{}()*+?|$^`)
	if end < 0 {
		return pattern
	}
	if end > 0 && strings.IndexByte("*?{", pattern[end]) >= 0 {
		end--
	}
	return pattern[:end]
}

// hasAlternatives tells whether a "|" stands outside of all groups.
func hasAlternatives(pattern string) bool {
	depth, inClass := 0, false
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '\\':
			i++
		case inClass:
			inClass = c != ']'
		case c == '[':
			inClass = true
			if strings.HasPrefix(pattern[i+1:], "]") || strings.HasPrefix(pattern[i+1:], "^]") {
				i += strings.IndexByte(pattern[i:], ']') // which stands for itself there
			}
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == '|' && depth <= 0:
			return true
		}
	}
	return false
}
