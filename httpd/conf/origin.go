package conf

import (
	"cmp"
	"iter"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// SpanOf is where a part of Args, from one byte to another, stands in
// Source.File. It is false where the part does not stand there by itself: a
// macro's parameters brought it, or it begins or ends within the value of a
// variable. What stands there may hold variables, as ${NAME}, and continuations.
//
// It takes a second look at the text, so that a directive has to remember
// nothing: few of them are shown or edited.
func (d *Directive) SpanOf(from, to int) (Span, bool) {
	if from < 0 || to > len(d.Args) || from >= to {
		return Span{}, false
	}
	if text := trimRight(d.Text()); strings.HasSuffix(text, d.Args) { // as nearly always
		start := int(d.start) + len(text) - len(d.Args)
		return Span{start + from, start + to}, true
	}
	w := d.written()
	var found []Span
	for pieces := range align(w.text, d.Args) {
		span, ok := spanIn(pieces, from, to)
		if !ok {
			return Span{}, false
		}
		found = append(found, Span{w.offsets[span.Start], w.offsets[span.End-1] + 1})
	}
	if len(found) == 0 || found[0] != found[len(found)-1] {
		return Span{}, false
	}
	return found[0], true
}

// spanIn is what stands in the file for a part of what was read. A variable
// stands for the whole of its value only.
func spanIn(pieces []piece, from, to int) (Span, bool) {
	start, end := -1, -1
	for _, p := range pieces {
		switch {
		case from < p.read.Start || from >= p.read.End:
		case !p.variable:
			start = p.written.Start + from - p.read.Start
		case from == p.read.Start:
			start = p.written.Start
		}
		switch {
		case to <= p.read.Start || to > p.read.End:
		case !p.variable:
			end = p.written.Start + to - p.read.Start
		case to == p.read.End:
			end = p.written.End
		}
	}
	return Span{start, end}, start >= 0 && end >= 0
}

// written are the arguments of a directive as they stand in its file.
type written struct {
	text    string // lines joined, variables in place
	offsets []int  // of each byte of text in the file
}

func (d *Directive) written() written {
	joined, offsets := d.joined()
	_, args := splitName(joined)
	if !strings.HasSuffix(joined, args) { // the ">" of a section without arguments
		return written{}
	}
	return written{args, offsets[len(offsets)-len(args):]}
}

// joined is the text of a directive as joinLines gives it, with the offset of
// each byte.
func (d *Directive) joined() (string, []int) {
	source := d.Text()
	if d.Source.File.Template {
		source = marksOnOneLine(source)
	}
	var text []byte
	var offsets []int
	for start := 0; start < len(source); {
		end := lineEnd(source, start)
		for i := start; i < end; i++ {
			offsets = append(offsets, int(d.start)+i)
		}
		text = append(text, source[start:end]...)
		backslash := continuation(text)
		if backslash < 0 {
			break
		}
		text, offsets = text[:backslash], offsets[:backslash]
		start = end
	}
	if nul := slices.Index(text, 0); nul >= 0 {
		text = text[:nul]
	}
	kept := trimRight(string(text))
	lead := len(kept) - len(trimLeft(kept))
	return kept[lead:], offsets[lead:len(kept)]
}

// A piece is a part of what httpd read, and what stands in the file for it: the
// same text, or a variable.
type piece struct {
	read, written Span
	variable      bool
}

// Bounds of the text that is aligned, in bytes, and of the variables in it: lines
// that people write are far shorter.
const (
	maxAligned   = 8 << 10
	maxVariables = 50
)

// align finds which part of a text, with its variables, became which part of
// what was read: with the longest values that its variables can have had, and
// with the shortest. What both agree on is so with all.
func align(text, read string) iter.Seq[[]piece] {
	return func(yield func([]piece) bool) {
		if len(text)+len(read) > maxAligned {
			return
		}
		pattern, pieces := alignment(text)
		if len(pieces) > 2*maxVariables+1 {
			return
		}
		for _, flags := range []string{"(?s)", "(?sU)"} {
			groups := regexp.MustCompile(flags + pattern).FindStringSubmatchIndex(read)
			if groups == nil {
				return
			}
			for i := range pieces {
				pieces[i].read = Span{groups[2*i+2], groups[2*i+3]}
			}
			if !yield(pieces) {
				return
			}
		}
	}
}

// alignment is a regular expression for what a text can have become, with a
// group for each piece.
func alignment(text string) (pattern string, pieces []piece) {
	pattern = "^"
	literal := func(start, end int) {
		pieces = append(pieces, piece{written: Span{start, end}})
		pattern += "(" + regexp.QuoteMeta(text[start:end]) + ")"
	}
	at := 0
	for _, v := range replacedIn(text) {
		literal(at, v.Start)
		pieces = append(pieces, piece{written: v, variable: true})
		pattern += "(.*)"
		at = v.End
	}
	literal(at, len(text))
	return pattern + "$", pieces
}

// replacedIn are the parts of a text in whose place something else was read:
// variables, and marks of a template.
func replacedIn(text string) []Span {
	var found []Span
	for _, v := range writtenVariable().FindAllStringIndex(text, -1) {
		found = append(found, Span{v[0], v[1]})
	}
	s := newScanner(text)
	for m, ok := s.next(); ok; m, ok = s.next() {
		if m.kind == valueMark {
			found = append(found, m.Span)
		}
	}
	slices.SortFunc(found, func(a, b Span) int { return cmp.Compare(a.Start, b.Start) })
	end := 0
	return slices.DeleteFunc(found, func(s Span) bool {
		within := s.Start < end
		end = max(end, s.End)
		return within
	})
}

// writtenVariable is what resolve replaces.
var writtenVariable = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\$\{[^}]*\}`) })
