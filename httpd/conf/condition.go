package conf

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// Condition is why a directive may or may not be in effect: a section around
// it that could not be decided while reading.
type Condition struct {
	Section string      // as written, with its name: IfModule !mod_ssl.c
	Reason  expr.Reason // what is not known: an Undecided
	Negated bool        // it holds where what is asked for is not there
	Pos     Pos
	Outer   *Condition // another one around this one, or nil
}

// Asks is what the section asks for.
func (c *Condition) Asks() Undecided { return c.Reason.(Undecided) }

// conditionLine is where a section begins whose condition was decided while reading:
// it is no directive of the tree.
type conditionLine struct {
	section string
	pos     Pos
}

// condition carries out a section whose lines are read or passed over by what
// is known now: IfModule, IfDefine, IfVersion, IfFile, IfDirective, IfSection
// (start_cond_section and mod_version's start_ifversion). Where it cannot be
// known, the lines are read and marked.
func (r *reader) condition(section, args string, l line) {
	if r.isHtaccess {
		r.config.conditions = append(r.config.conditions, conditionLine{section, r.place(l).pos()})
	}
	kind := conditionKinds[strings.ToLower(section)]
	holds, problem := r.test(kind, section, args, l)
	if problem != "" {
		r.report(Error, r.place(l), problem)
	}
	switch holds {
	case expr.True:
		r.enter(section, r.unknown, l)
	case expr.Unknown:
		r.undecided = true
		r.enter(section, r.undecidedCondition(kind, section, args, l), l)
	default:
		r.soak(section, l)
	}
}

func (r *reader) undecidedCondition(kind UndecidedKind, section, args string, l line) *Condition {
	text := beforeBracket(args)
	subject, negated := strings.CutPrefix(text, "!")
	if kind != IfVersion {
		subject, _ = Word(subject)
	}
	if kind == IfFile && !HasMark(subject) {
		subject = r.relative(subject)
	}
	return &Condition{
		Section: section[len("<"):] + " " + Written(text), Reason: Undecided{kind, subject}, Negated: negated,
		Pos: r.place(l).pos(), Outer: r.unknown,
	}
}

// test decides a condition. A condition that is written wrong is a problem,
// and its lines are passed over.
func (r *reader) test(kind UndecidedKind, section, args string, l line) (holds expr.Truth, problem string) {
	switch {
	case HasMark(args):
		return expr.Unknown, ""
	case kind == IfVersion:
		return r.testVersion(section, args)
	case !strings.Contains(args, ">"):
		return expr.False, unclosed(section)
	}
	args, negated := strings.CutPrefix(beforeBracket(args), "!")
	subject, _ := Word(args)
	if subject == "" {
		return expr.False, section + "> directive requires additional arguments"
	}
	holds = r.testSubject(kind, subject, l)
	if negated {
		holds = holds.Not()
	}
	return holds, ""
}

func (r *reader) testSubject(kind UndecidedKind, subject string, l line) expr.Truth {
	switch kind {
	case IfModule:
		return r.modules.has(subject)
	case IfDefine:
		return r.variables.defined[subject]
	case IfFile:
		return r.testFile(r.relative(subject), l)
	case IfDirective:
		return r.modules.hasDirective(subject)
	default:
		return r.modules.hasDirective("<" + subject)
	}
}

func (r *reader) testFile(name string, l line) expr.Truth {
	r.noteSearched(name, r.link(l))
	switch {
	case r.files.exists(name):
		return expr.True
	case r.modules.complete && !r.config.IsOfAnotherHost():
		return expr.False
	}
	return expr.Unknown
}
