package expr

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"
)

// How large the regular expressions of a configuration may be, in instructions
// of about 40 bytes. Counted repetitions make a thousand of one letter.
const (
	maxRegexp   = 64 << 10 // of one, and in bytes: PCRE2 refuses what it compiles to more than 64 KiB
	usualRegexp = 64       // of one that is as large as its text makes expect
	perByte     = 4        // for each byte of its text, besides
	maxLarge    = 16 << 10 // of one that is larger, which Go compiles in a few milliseconds
	maxKept     = 4 << 20  // of all of these that are kept
)

// Regexps compiles the regular expressions of one configuration, each once. Those
// that are much larger than their text makes expect are compiled again where they
// would take too much memory together, so that no answer depends on what was asked
// for before.
type Regexps struct {
	mu       sync.Mutex
	patterns map[string]compiled
	large    map[*Regexp]*regexp.Regexp // that are kept
	size     int                        // of these
}

type compiled struct {
	pattern *Regexp
	err     error
}

// Regexp is a regular expression that Go understands.
type Regexp struct {
	regexps *Regexps
	text    string // as Go has it
	size    int
	groups  int // besides the whole match
	asks    asks
	usual   *regexp.Regexp // nil for a large one
}

// Compile reads a regular expression of httpd; with the flag "i" letters count
// in either case, with "m" lines do. Those of Perl that Go does not have
// (look-around, back references) are an error, and so are too large ones.
func (r *Regexps) Compile(text, flags string) (*Regexp, error) {
	text = regexpFlags(flags) + text
	r.mu.Lock()
	defer r.mu.Unlock()
	known, ok := r.patterns[text]
	if !ok {
		known.pattern, known.err = r.compileNew(text)
		if r.patterns == nil {
			r.patterns = map[string]compiled{}
		}
		r.patterns[text] = known
	}
	return known.pattern, known.err
}

// regexp is the compiled expression.
func (p *Regexp) regexp() *regexp.Regexp {
	if p.usual != nil {
		return p.usual
	}
	r := p.regexps
	r.mu.Lock()
	defer r.mu.Unlock()
	if kept := r.large[p]; kept != nil {
		return kept
	}
	compiled := regexp.MustCompile(p.text) // as it was before
	r.keep(p, compiled)
	return compiled
}

// keep keeps a large expression, and no other one where they would be too many.
func (r *Regexps) keep(p *Regexp, compiled *regexp.Regexp) {
	if r.size += p.size; r.size > maxKept || r.large == nil {
		r.large, r.size = map[*Regexp]*regexp.Regexp{}, p.size
	}
	r.large[p] = compiled
}

// String is the expression as Go has it.
func (p *Regexp) String() string { return p.text }

// HasGroups tells whether there are groups in it.
func (p *Regexp) HasGroups() bool { return p.groups > 0 }

// Find gives where the groups of the first match in a text are, as
// [regexp.Regexp.FindStringSubmatchIndex] does; nil for no match.
func (p *Regexp) Find(text string) []int { return p.regexp().FindStringSubmatchIndex(text) }

// Groups are the texts of the groups of the first match; nil for no match.
func (p *Regexp) Groups(text string) []string { return p.regexp().FindStringSubmatch(text) }

// Names are those of the groups that [Regexp.Find] gives, "" for one without.
func (p *Regexp) Names() []string { return p.regexp().SubexpNames() }

// Matches tells whether it matches a text.
func (p *Regexp) Matches(text string) bool { return p.regexp().MatchString(text) }

// Cost is how many instructions may be tried at each byte of a text. A large one
// may have to be compiled for it.
func (p *Regexp) Cost() int {
	if p.usual == nil {
		return 2 * p.size
	}
	return p.size
}

// Match tells whether a regular expression of httpd matches a text, with the flags
// of Compile, and where its groups are in it, as [Regexp.Find] does. Whether one that
// Go cannot compile matches is Unknown, unless the text begins in another way than all
// that it matches.
func (r *Regexps) Match(pattern, flags, text string) (groups []int, matches Truth) {
	compiled, err := r.Compile(pattern, flags)
	if err != nil {
		if cannotMatch(pattern, flags, text) {
			return nil, False
		}
		return nil, Unknown
	}
	groups = compiled.Find(text)
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

func (r *Regexps) compileNew(text string) (*Regexp, error) {
	if len(text) > maxRegexp {
		return nil, errors.New("the regular expression is too large")
	}
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return nil, err
	}
	p := &Regexp{regexps: r, text: text, size: instructions(parsed), groups: parsed.MaxCap(), asks: asksOf(parsed)}
	isLarge := p.size > usualRegexp+perByte*len(text)
	if p.size > maxRegexp || isLarge && p.size > maxLarge {
		return nil, errors.New("the regular expression is too large")
	}
	compiled, err := regexp.Compile(text)
	switch {
	case err != nil:
		return nil, err
	case isLarge:
		r.keep(p, compiled)
	default:
		p.usual = compiled
	}
	return p, nil
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
