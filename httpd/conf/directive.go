package conf

import (
	"iter"
	"strings"
)

// Directive is one directive or section of a configuration.
type Directive struct {
	Name   string // as httpd spells it where it knows it; a section begins with "<"
	Args   string // with variables replaced, quotes as written; a section's ends with ">"
	Source *Source
	Parent *Directive // the section around it, or nil

	// Unknown is the innermost condition that was not decided, or nil where
	// the directive is in effect for certain.
	Unknown *Condition

	child, next *Directive
	spelled     *spelling

	numbers
	extent // of Source.File
}

// Is tells whether this is the directive name, in any case; a section's name
// begins with "<".
func (d *Directive) Is(name string) bool {
	return len(d.Name) == len(name) && (d.Name == name || strings.EqualFold(d.Name, name))
}

// IsOn tells whether the only argument is On; a nil directive is not on.
func (d *Directive) IsOn() bool { return d != nil && strings.EqualFold(d.Word(0), "On") }

// IsSection tells whether this is a section.
func (d *Directive) IsSection() bool { return strings.HasPrefix(d.Name, "<") }

// Words are the arguments without their quotes; of a section, those before the
// last ">".
func (d *Directive) Words() []string { return Words(d.text()) }

// WordsIn are the Words, in room that the caller has for them where they fit: what
// looks at the words of each of 100,000 lines makes no list for each.
func (d *Directive) WordsIn(room *[8]string) []string { return appendWords(room[:0], d.text()) }

// Word is the argument number i, from 0, without its quotes, or "".
func (d *Directive) Word(i int) string {
	rest, word := d.text(), ""
	for ; i >= 0; i-- {
		word, rest = Word(rest)
	}
	return word
}

func (d *Directive) text() string {
	if d.IsSection() {
		return beforeBracket(d.Args)
	}
	return d.Args
}

// Opening is how a section begins, as it was written: <Location /x>.
func (d *Directive) Opening() string {
	if text := trimRight(beforeBracket(d.Args)); text != "" {
		return d.Name + " " + text + ">"
	}
	return d.Name + ">"
}

// Children are the directives and sections directly inside this section.
func (d *Directive) Children() iter.Seq[*Directive] { return siblings(d.child) }

func siblings(d *Directive) iter.Seq[*Directive] {
	return func(yield func(*Directive) bool) {
		for ; d != nil; d = d.next {
			if !yield(d) {
				return
			}
		}
	}
}

// following is the next directive in the order of the text: the first child,
// or else the next one after this or after a section around it.
func (d *Directive) following() *Directive {
	if d.child != nil {
		return d.child
	}
	for ; d != nil; d = d.Parent {
		if d.next != nil {
			return d.next
		}
	}
	return nil
}

// IsWithin tells whether d is the section or stands inside it.
func (d *Directive) IsWithin(section *Directive) bool {
	for ; d != nil; d = d.Parent {
		if d == section {
			return true
		}
	}
	return false
}

// Within is the innermost section named name around d, or nil. The name begins
// with "<".
func (d *Directive) Within(name string) *Directive {
	for at := d.Parent; at != nil; at = at.Parent {
		if at.Is(name) {
			return at
		}
	}
	return nil
}

// VirtualHost is the <VirtualHost> around d, or nil.
func (d *Directive) VirtualHost() *Directive { return d.Within("<VirtualHost") }

// Nesting are the sections around d, the outermost first, and d itself; none for
// nil.
func (d *Directive) Nesting() []*Directive {
	if d == nil {
		return nil
	}
	return append(d.Parent.Nesting(), d)
}

// Pos is the place of its first character, in the file that holds the text:
// for a directive from a macro, the file with the macro's definition.
func (d *Directive) Pos() Pos {
	text := d.Text()
	return d.at(len(text) - len(trimLeft(text)))
}

// End is the place after its last character.
func (d *Directive) End() Pos { return d.at(len(trimRight(d.Text()))) }

// Text is the whole text of the directive as it stands in its file, with its
// continuations and its line end.
func (d *Directive) Text() string { return d.Source.File.Source[d.start:d.end] }

func (d *Directive) at(offset int) Pos {
	return position(d.Source.File.Name, d.Source.File.Source, int(d.start), int(d.first), int(d.start)+offset)
}

// HTTPDLine is the line number that httpd gives the directive: that of its
// last physical line; within a macro it counts from the macro's first line.
func (d *Directive) HTTPDLine() int { return int(d.last) }

// WordSpan is where argument number i stands in Source.File, quotes included;
// false where it does not stand there by itself, as [Directive.SpanOf] tells.
func (d *Directive) WordSpan(i int) (Span, bool) {
	text := d.text()
	from, rest := 0, text
	for ; i >= 0; i-- {
		from = len(text) - len(rest)
		_, rest = Word(rest)
	}
	word := trimRight(text[from : len(text)-len(rest)])
	return d.SpanOf(from, from+len(word))
}

// PosAt is the place of a byte of the directive's text, by its offset in
// Source.File.
func (d *Directive) PosAt(offset int) Pos { return d.at(offset - int(d.start)) }
