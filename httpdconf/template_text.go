package httpdconf

import (
	"maps"
	"slices"
	"strings"
)

// templateText is the text of a template, with what its marks do to it.
type templateText struct {
	source   string
	marks    []Span // all of them
	blanks   []Span // those that leave no text
	choices  []choice
	loops    []Span // the text in each
	subjects subjects
}

// choice are the branches of one condition, of which at most one comes.
type choice []alternative

type alternative struct {
	Span            // between its mark and the next one
	holds condition // nil for the last one, else
}

// readTemplate finds the marks of a template.
func readTemplate(source string) *templateText {
	t := &templateText{source: source}
	var open []block
	s := newScanner(source)
	for m, ok := s.next(); ok; m, ok = s.next() {
		t.marks = append(t.marks, m.Span)
		if m.kind == valueMark {
			continue
		}
		t.blanks = append(t.blanks, m.Span)
		c := controlOf(m, source)
		switch c.does {
		case opensCondition, opensCase:
			open = append(open, block{choice: len(t.choices), subject: c.subject})
			c = c.ofCase(c.subject)
			t.choices = append(t.choices, choice{t.alternative(m, c)})
		case opensLoop:
			open = append(open, block{choice: -1, loop: len(t.loops)})
			t.loops = append(t.loops, Span{m.End, len(source)})
		case nextBranch, closesBlock:
			if len(open) == 0 {
				continue // it belongs to nothing
			}
			t.endBranch(open[len(open)-1], m, c)
			if c.does == closesBlock {
				open = open[:len(open)-1]
			}
		}
	}
	return t
}

// block is what a mark has opened and another one will close.
type block struct {
	choice  int    // among the choices of the template; -1 for a loop
	subject string // of a case
	loop    int    // among the loops, where it is one
}

// alternative is a branch that begins after its mark and, until its end is found, goes on
// to the end of the text.
func (t *templateText) alternative(m mark, c control) alternative {
	b := alternative{Span: Span{m.End, len(t.source)}}
	switch {
	case c.does == opensCase && c.condition == "": // what stands before the first when is no branch
		b.holds = func(values) bool { return false }
	case c.condition == "":
	case c.negated:
		b.holds = not(t.subjects.parse(c.condition))
	default:
		b.holds = t.subjects.parse(c.condition)
	}
	return b
}

// endBranch ends the last branch of a choice, and begins the next one. What
// stands in a loop is read once, whatever the branches of it.
func (t *templateText) endBranch(b block, m mark, c control) {
	if b.choice < 0 {
		if c.does == closesBlock {
			t.loops[b.loop].End = m.Start
		}
		return
	}
	branches := t.choices[b.choice]
	branches[len(branches)-1].End = m.Start
	if c.does == closesBlock {
		return
	}
	t.choices[b.choice] = append(branches, t.alternative(m, c.ofCase(b.subject)))
}

// ofCase has the values of a when compared with the subject of its case.
func (c control) ofCase(subject string) control {
	if subject != "" && c.condition != "" {
		c.condition = subject + " == " + strings.Join(splitOutside(c.condition, ","), " or "+subject+" == ")
	}
	return c
}

// maxRenderings is how many ways of deciding the conditions of a template are
// looked at.
const maxRenderings = 32

// maxRendered is how many bytes these have together, unless a single one has more.
const maxRendered = 64 << 20

// renderings are texts as long as the template, in which its conditions are
// decided: all of them true, all false, and then one after another the other
// way. In the place of what does not come are blanks, and values stay marks.
func (t *templateText) renderings() []string {
	var texts []string
	for _, given := range t.givens(min(maxRenderings, max(1, maxRendered/(len(t.source)+1)))) {
		if text := t.render(given); !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
	}
	return texts
}

// givens are the first values to render with, up to most of them.
func (t *templateText) givens(most int) []values {
	all := values{}
	for _, name := range t.subjects.names {
		all[name] = t.subjects.of(name)[0]
	}
	list, without := []values{all, {}}, all
	for _, name := range t.subjects.names {
		if len(list) >= most {
			break
		}
		for _, value := range append([]string{""}, t.subjects.of(name)[1:]...) {
			list = append(list, all.with(name, value))
		}
		without = without.with(name, "") // the first ones false: for what comes after an elif
		list = append(list, without)
	}
	return list[:min(most, len(list))]
}

// with are the same values but for one.
func (v values) with(name, value string) values {
	other := maps.Clone(v)
	other[name] = value
	return other
}

// render blanks all that does not come for these values.
func (t *templateText) render(given values) string {
	text := []byte(t.source)
	for _, span := range t.blanks {
		blank(text, span)
	}
	for _, choice := range t.choices {
		taken := false
		for _, branch := range choice {
			comes := !taken && (branch.holds == nil || branch.holds(given))
			taken = taken || comes
			if !comes {
				blank(text, branch.Span)
			}
		}
	}
	keepContinued(text, t.source)
	return string(text)
}

func blank(text []byte, span Span) {
	for i := span.Start; i < span.End; i++ {
		if text[i] != '\n' && text[i] != '\r' {
			text[i] = ' '
		}
	}
}

// keepContinued lets lines of which nothing is left not end a directive that is
// continued around them: an engine takes such lines away.
func keepContinued(text []byte, source string) {
	continued := false
	for start := 0; start < len(text); {
		end := lineEnd(source, start)
		line := text[start:end]
		if continued && len(line) > 1 && trim(string(line)) == "" && trim(source[start:end]) != "" && line[len(line)-1] == '\n' {
			line[len(line)-2] = '\\'
		}
		continued = continuation(line) >= 0
		start = end
	}
}
