package request

import (
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// maxSteps is how many steps are taken to follow one request of a client, on all
// branches together, which is about a second. A step is a rule that is tried, a
// condition that is decided, a few lines that are looked at, or a piece of a text.
// Where it takes more, what becomes of the request is not known.
const maxSteps = 1 << 20

// stepsOfVisit are those of one more lookup or redirect.
const stepsOfVisit = 64

// linesOfStep and sectionsOfStep are how many lines are looked at, and how many
// sections are held against a request, in one step.
const linesOfStep, sectionsOfStep = 16, 4

// stepsOf are those of matching a text, or of putting it together.
func stepsOf(text string) int { return 1 + len(text)/64 }

// instructionsOfStep are those of a regular expression that are tried in one step, at
// each of 64 bytes.
const instructionsOfStep = 8

// stepsToMatch are those of holding a regular expression of some cost against a text.
func stepsToMatch(cost int, text string) int { return stepsOf(text) * cost / instructionsOfStep }

// match is [conf.Config.Match] for a directive. Where that costs too much it is not
// known.
func (b *branch) match(d *conf.Directive, pattern, flags, text string) (groups []int, matches expr.Truth) {
	compiled, err := b.server.Config.Regexp(pattern, flags)
	switch {
	case err != nil:
		return b.server.Config.Match(pattern, flags, text)
	case !b.spend(stepsToMatch(compiled.Cost(), text), d):
		return nil, expr.Unknown
	}
	groups = compiled.Find(text)
	return groups, expr.TruthOf(groups != nil)
}

// spend counts steps, for a directive or nil. It is false where there were too
// many. A sample, which is on no branch, takes as many as it needs.
func (b *branch) spend(steps int, by *conf.Directive) bool {
	if b == nil {
		return true
	}
	b.steps += steps
	if b.isOver() {
		b.isUnknown(by, Unknown{Kind: TooManySteps})
		return false
	}
	return true
}

func (b *branch) isOver() bool { return b != nil && b.steps > maxSteps }

// stepsFor are those of holding a URI or a file name against the lines of the server.
func (s *Server) stepsFor(name string) int {
	lines := len(s.Level)
	if s.Main != nil {
		lines += len(s.Main.Level)
	}
	return stepsOf(name) * (stepsOfVisit + lines/linesOfStep)
}
