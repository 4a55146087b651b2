package conf

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// Condition is why a directive may or may not be in effect: a section around
// it that could not be decided while reading.
type Condition struct {
	Section string // as written, with its name: IfModule !mod_ssl.c
	Kind    string // the name of the section: IfModule
	Subject string // what it asks for: mod_ssl.c
	Negated bool   // it holds where the subject is not there
	Reason  string // what is not known
	Pos     Pos
	Outer   *Condition // another one around this one, or nil
}

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
	holds, reason, problem := r.test(section, args, l)
	if problem != "" {
		r.report(Error, r.place(l), problem)
	}
	switch holds {
	case expr.True:
		r.enter(section, r.unknown, l)
	case expr.Unknown:
		r.undecided = true
		r.enter(section, r.undecidedCondition(section, args, reason, l), l)
	default:
		r.soak(section, l)
	}
}

func (r *reader) undecidedCondition(section, args, reason string, l line) *Condition {
	text := beforeBracket(args)
	c := &Condition{
		Section: section[len("<"):] + " " + Written(text), Kind: section[len("<"):],
		Reason: reason, Pos: r.place(l).pos(), Outer: r.unknown,
	}
	if c.Subject, c.Negated = strings.CutPrefix(text, "!"); !strings.EqualFold(section, "<IfVersion") {
		c.Subject, _ = Word(c.Subject)
	}
	return c
}

// test decides a condition. A condition that is written wrong is a problem,
// and its lines are passed over.
func (r *reader) test(section, args string, l line) (holds expr.Truth, reason, problem string) {
	if HasMark(args) {
		return expr.Unknown, Written(beforeBracket(args)) + " is not known before the template is rendered", ""
	}
	if strings.EqualFold(section, "<IfVersion") {
		return r.testVersion(section, args)
	}
	if !strings.Contains(args, ">") {
		return expr.False, "", unclosed(section)
	}
	args, negated := strings.CutPrefix(beforeBracket(args), "!")
	subject, _ := Word(args)
	if subject == "" {
		return expr.False, "", section + "> directive requires additional arguments"
	}
	holds, reason = r.testSubject(section, subject, l)
	if negated {
		holds = holds.Not()
	}
	return holds, reason, ""
}

func (r *reader) testSubject(section, subject string, l line) (holds expr.Truth, reason string) {
	switch strings.ToLower(section) {
	case "<ifmodule":
		return r.modules.has(subject), fmt.Sprintf("whether module %s is loaded is not in this part of the configuration", subject)
	case "<ifdefine":
		return r.variables.defined[subject], fmt.Sprintf("%s is defined inside a condition that is not decided", subject)
	case "<iffile":
		name := r.relative(subject)
		r.noteSearched(name, r.link(l))
		if r.files.exists(name) {
			return expr.True, ""
		}
		if r.modules.complete && !r.config.IsOfAnotherHost() {
			return expr.False, ""
		}
		return expr.Unknown, fmt.Sprintf("%s is not here; the server may have it", name)
	case "<ifdirective":
		return r.modules.hasDirective(subject), fmt.Sprintf("whether a module with %s is loaded is not known", subject)
	default:
		return r.modules.hasDirective("<" + subject), fmt.Sprintf("whether a module with <%s> is loaded is not known", subject)
	}
}
