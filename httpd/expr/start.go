package expr

import (
	"regexp/syntax"
	"slices"
	"strings"
)

// Start is what is known of many texts: what all of them begin with.
type Start struct {
	Text    string
	AtSlash bool // behind it each of them ends, or goes on with a slash
}

// MayBegin tells whether one of the texts may begin with another one.
func (s Start) MayBegin(begin string) bool {
	rest, isLonger := strings.CutPrefix(begin, s.Text)
	if !isLonger {
		return strings.HasPrefix(s.Text, begin)
	}
	return !s.AtSlash || rest == "" || rest[0] == '/' || strings.HasSuffix(s.Text, "/")
}

// MayBe tells whether one of the texts may be this one.
func (s Start) MayBe(text string) bool { return strings.HasPrefix(text, s.Text) && s.MayBegin(text) }

// MayFit tells whether a glob may fit one of the texts.
func (s Start) MayFit(glob string) bool {
	if end := strings.IndexAny(glob, `*?[\`); end >= 0 {
		return s.MayBegin(glob[:end])
	}
	return s.MayBe(glob)
}

// MatchesFrom tells whether the expression matches all texts that begin so: True for
// all, False for none.
func (p *Regexp) MatchesFrom(start Start) Truth {
	switch {
	case !p.asks.end && p.Matches(start.Text):
		return True
	case !slices.ContainsFunc(p.asks.begins, start.MayBegin):
		return False
	}
	return Unknown
}

// MatchesUpTo tells whether the expression matches all texts that end so.
func (p *Regexp) MatchesUpTo(end string) Truth {
	if !p.asks.start && p.Matches(end) {
		return True
	}
	return Unknown
}

// asks is what a regular expression asks of the ends of a text.
type asks struct {
	start, end bool     // what stands before a match, or behind it, may decide
	begins     []string // each text that it matches begins with one of them
}

// mostBegins are those of one expression that are told apart.
const mostBegins = 16

func asksOf(re *syntax.Regexp) asks {
	a := asks{begins: beginsOf(re)}
	a.add(re)
	return a
}

func (a *asks) add(re *syntax.Regexp) {
	switch re.Op {
	case syntax.OpBeginLine, syntax.OpBeginText:
		a.start = true
	case syntax.OpEndLine, syntax.OpEndText:
		a.end = true
	case syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		a.start, a.end = true, true
	}
	for _, inner := range re.Sub {
		a.add(inner)
	}
}

// beginsOf are the plain texts that stand first behind the begin of a text.
func beginsOf(re *syntax.Regexp) []string {
	begins := []string{""}
	if re.Op != syntax.OpConcat || re.Sub[0].Op != syntax.OpBeginText {
		return begins
	}
	for _, part := range re.Sub[1:] {
		texts := textsOf(part)
		if len(texts) == 0 || len(texts)*len(begins) > mostBegins {
			break
		}
		begins = joined(begins, texts)
	}
	return begins
}

// textsOf are all texts that a part of an expression matches, where they are few; none
// where they are not.
func textsOf(re *syntax.Regexp) []string {
	var texts []string
	switch re.Op {
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase == 0 {
			texts = []string{string(re.Rune)}
		}
	case syntax.OpCapture:
		texts = textsOf(re.Sub[0])
	case syntax.OpConcat:
		texts = []string{""}
		for _, part := range re.Sub {
			if texts = joined(texts, textsOf(part)); len(texts) > mostBegins {
				return nil
			}
		}
	case syntax.OpAlternate:
		for _, part := range re.Sub {
			own := textsOf(part)
			if len(own) == 0 || len(texts)+len(own) > mostBegins {
				return nil
			}
			texts = append(texts, own...)
		}
	case syntax.OpCharClass:
		texts = textsOfClass(re.Rune)
	}
	return texts
}

// textsOfClass are the letters of a class, which is pairs of the first and the last.
func textsOfClass(pairs []rune) (texts []string) {
	for n := 0; n+1 < len(pairs); n += 2 {
		if int(pairs[n+1]-pairs[n])+len(texts) >= mostBegins {
			return nil
		}
		for letter := pairs[n]; letter <= pairs[n+1]; letter++ {
			texts = append(texts, string(letter))
		}
	}
	return texts
}

func joined(starts, ends []string) (texts []string) {
	for _, start := range starts {
		for _, end := range ends {
			texts = append(texts, start+end)
		}
	}
	return texts
}
