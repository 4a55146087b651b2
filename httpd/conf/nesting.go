package conf

import (
	"fmt"
	"strings"
)

// level is a condition whose lines are being read, or the file itself.
type level struct {
	closing string     // what follows "</" on the line that ends it; "" for a file
	base    *Directive // the section open when it began
	unknown *Condition // what was undecided when it began
	nested  int        // how deep it stands
}

// closesLevel tells whether the line ends the innermost condition. Sections
// that were opened in it come first.
func (r *reader) closesLevel(text string) bool {
	top := &r.levels[len(r.levels)-1]
	return top.closing != "" && r.open == top.base && strings.HasPrefix(text, "</") &&
		strings.EqualFold(text[len("</"):], top.closing)
}

func (r *reader) enter(name string, unknown *Condition, l line) {
	if !r.nest(r.place(l)) {
		return
	}
	r.levels = append(r.levels, level{closing: name[len("<"):] + ">", base: r.open, unknown: r.unknown, nested: r.nested - 1})
	r.unknown = unknown
}

func (r *reader) leave() {
	top := r.levels[len(r.levels)-1]
	r.levels = r.levels[:len(r.levels)-1]
	r.closeTo(top.base)
	r.unknown, r.nested = top.unknown, top.nested
}

// openSection makes a section the one that directives are added to.
func (r *reader) openSection(section *Directive) {
	r.open, r.lasts = section, append(r.lasts, nil)
}

// closeTo makes a section around the open one, or nil for none, the one that
// directives are added to.
func (r *reader) closeTo(section *Directive) {
	for r.open != section {
		r.open, r.lasts = r.open.Parent, r.lasts[:len(r.lasts)-1]
	}
}

// closeSection carries out a closing line. One with a wrong name is an error;
// it closes the section that it fits, and where it fits none it is taken for
// one that was misspelt.
func (r *reader) closeSection(name string, l line) {
	base := r.levels[len(r.levels)-1].base
	if r.open == base {
		r.config.unbalanced = true
		r.report(Error, r.place(l), name+" without matching <"+name[len("</"):]+" section")
		return
	}
	closed, bracket := strings.CutSuffix(name, ">")
	closed = closed[len("</"):]
	inner := r.open.Name[len("<"):]
	switch {
	case !bracket:
		r.report(Error, r.place(l), unclosed(name))
	case !strings.EqualFold(closed, inner):
		r.config.unbalanced = true
		r.report(Error, r.place(l), "Expected </"+inner+"> but saw "+name)
		if r.opened(closed, base) {
			for !strings.EqualFold(r.open.Name[len("<"):], closed) {
				r.closeInner()
			}
		}
	}
	r.closeInner()
}

func (r *reader) closeInner() {
	r.closeTo(r.open.Parent)
	r.nested--
}

// opened tells whether a section name is open above base.
func (r *reader) opened(name string, base *Directive) bool {
	for at := r.open; at != base; at = at.Parent {
		if strings.EqualFold(at.Name[len("<"):], name) {
			return true
		}
	}
	return false
}

// endFile leaves what the file left open. httpd accepts the end of a file
// inside a condition that holds, but not inside a section.
func (r *reader) endFile() {
	if r.stopped {
		r.closeTo(r.levels[0].base)
		r.unknown, r.nested = r.levels[0].unknown, r.levels[0].nested
		return
	}
	for len(r.levels) > 1 {
		r.leave()
	}
	r.closeAll(r.levels[0].base)
	r.unknown = r.levels[0].unknown
}

// closeAll closes the sections inside base that the file leaves open. httpd
// tells of all of them, the inner one first, on the line of the outer one.
func (r *reader) closeAll(base *Directive) {
	var messages []string
	var outer *Directive
	for ; r.open != base; r.closeInner() {
		outer = r.open
		messages = append(messages, fmt.Sprintf("%s:%d: %s> was not closed.", outer.Source.Name, outer.last, outer.Name))
	}
	if outer != nil {
		r.config.unbalanced = true
		r.report(Error, placeOf(outer), strings.Join(messages, "\n"))
	}
}
