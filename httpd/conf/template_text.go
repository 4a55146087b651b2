package conf

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
)

// templateText is the text of a template, with what its marks do to it.
type templateText struct {
	source   string
	marks    []Span // all of them
	blanks   []Span // those that leave no text
	long     []Span // those that stand on several lines
	choices  []choice
	loops    []loopStart
	numbered int // loops so far
	subjects subjects
	called   map[string]bool // macros that a line is nothing but a call of; nil until one is defined
}

// loopStart is where the innermost loop around the text becomes another one.
type loopStart struct {
	offset int
	loop   int // from 1 on; 0 for none
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
	open := []block{{choice: -1}} // the text itself
	s := newScanner(source)
	for m, ok := s.next(); ok; m, ok = s.next() {
		t.marks = append(t.marks, m.Span)
		if strings.IndexByte(source[m.Start:m.End], '\n') >= 0 {
			t.long = append(t.long, m.Span)
		}
		if m.kind == valueMark {
			continue
		}
		t.blanks = append(t.blanks, m.Span)
		for _, c := range controlsOf(m, source) {
			open = t.carryOut(c, m, open)
		}
	}
	return t
}

// block is what a mark has opened and another one will close.
type block struct {
	choice  int    // among the choices of the template; -1 where it is none
	subject string // of a case
	loop    int    // the innermost one in it, or that it is
}

// carryOut does what a mark does, and gives the blocks that are open after it.
func (t *templateText) carryOut(c control, m mark, open []block) []block {
	inner := open[len(open)-1]
	switch {
	case c.does == opensMacro:
		c = t.macro(c.condition)
	case c.does == opensOption && inner.subject == "":
		c.does = opensLoop // braces of something else
	}
	switch c.does {
	case opensCondition, opensCase:
		open = append(open, block{choice: len(t.choices), subject: c.subject, loop: inner.loop})
		t.choices = append(t.choices, choice{t.alternative(m, 0, c.ofCase(c.subject))})
	case opensLoop:
		t.numbered++
		open = append(open, block{choice: -1, loop: t.numbered})
		t.loops = append(t.loops, loopStart{m.End, t.numbered})
	case opensOption:
		t.endBranch(inner, m, c)
		open = append(open, block{choice: -1, loop: inner.loop})
	case nextBranch, closesBlock:
		if len(open) == 1 {
			break // it belongs to nothing
		}
		t.endBranch(inner, m, c)
		if c.does == closesBlock {
			open = open[:len(open)-1]
			t.loops = append(t.loops, loopStart{m.Start, open[len(open)-1].loop})
		}
	}
	return open
}

// macro is what the beginning of a macro does. Its text is that of directives
// where a line is nothing but a call of it, and else a part of some line.
func (t *templateText) macro(head string) control {
	if t.called == nil {
		t.called = map[string]bool{}
		for line := range strings.Lines(t.source) {
			if call, ok := strings.CutPrefix(trimLeft(line), "{{"); ok {
				t.called[macroName(strings.TrimPrefix(call, "-"))] = true
			}
		}
	}
	if t.called[macroName(head)] {
		return control{does: opensLoop}
	}
	return control{does: opensCase}
}

func macroName(call string) string {
	name, _, _ := strings.Cut(call, "(")
	return strings.TrimSpace(name)
}

// alternative is the branch of a number that begins after its mark and, until its end is found, goes on
// to the end of the text.
func (t *templateText) alternative(m mark, number int, c control) alternative {
	b := alternative{Span: Span{m.End, len(t.source)}}
	t.subjects.branch = number
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
		return
	}
	branches := t.choices[b.choice]
	branches[len(branches)-1].End = m.Start
	if c.does == closesBlock {
		return
	}
	t.choices[b.choice] = append(branches, t.alternative(m, len(branches), c.ofCase(b.subject)))
}

// ofCase has the values of a when compared with the subject of its case, unless
// that is longer than what is taken apart.
func (c control) ofCase(subject string) control {
	if subject == "" || c.condition == "" {
		return c
	}
	compared := subject + " == "
	parts := splitOutside(c.condition, ",")
	if len(c.condition)+len(parts)*(len(compared)+len(" or ")) <= maxCondition {
		c.condition = compared + strings.Join(parts, " or "+compared)
	}
	return c
}

// render blanks all that does not come for these values.
func (t *templateText) render(given values) string {
	gone := slices.Clone(t.blanks)
	for _, choice := range t.choices {
		taken := false
		for _, branch := range choice {
			comes := !taken && (branch.holds == nil || branch.holds(given))
			taken = taken || comes
			if !comes {
				gone = append(gone, branch.Span)
			}
		}
	}
	text := []byte(t.source)
	for _, mark := range t.long {
		copy(text[mark.Start:], onOneLine(t.source[mark.Start:mark.End]))
	}
	blank(text, gone)
	keepContinued(text, t.source)
	return string(text)
}

// blank puts blanks in the place of spans, which may lie in each other: each byte
// is looked at once.
func blank(text []byte, spans []Span) {
	slices.SortFunc(spans, func(a, b Span) int { return cmp.Compare(a.Start, b.Start) })
	at := 0
	for _, span := range spans {
		for at = max(at, span.Start); at < span.End; at++ {
			if text[at] != '\n' && text[at] != '\r' {
				text[at] = ' '
			}
		}
	}
}

// keepContinued lets lines of which nothing is left not end a directive that is
// continued around them: an engine takes such lines away.
func keepContinued(text []byte, source string) {
	continued := false
	for start := 0; start < len(text); {
		end := len(text)
		if i := bytes.IndexByte(text[start:], '\n'); i >= 0 {
			end = start + i + 1
		}
		line := text[start:end]
		if continued && len(line) > 1 && trim(string(line)) == "" && trim(source[start:end]) != "" && line[len(line)-1] == '\n' {
			line[len(line)-2] = '\\'
		}
		continued = continuation(line) >= 0
		start = end
	}
}
