package conf

import (
	"iter"
	"strings"
)

// Tree is the text of one file as lines that know their structure. Each byte
// of the source belongs to exactly one node, so the nodes one after another
// are the source again, whatever it holds.
//
// A tree is one file on its own: nothing is included, replaced or skipped.
// What a server makes of it is a [Config].
type Tree struct {
	Name        string // of the file, for positions
	Source      string
	Diagnostics []Diagnostic

	lines string // Source, with each mark of a template on one line
	nodes []node
}

// Kind is what a line is.
type Kind uint8

const (
	BlankLine     Kind = iota // white space only
	CommentLine               // its first character is "#"
	DirectiveLine             // a name and arguments
	OpenLine                  // the line that opens a section
	CloseLine                 // the line that closes a section
)

// node is one line, with its continuations. The offsets are 32 bits wide and
// the structure is in numbers of nodes, to keep large trees small.
type node struct {
	extent
	numbers
	parent int32 // the section around it, or none
	match  int32 // the other end of the section, or none
	kind   Kind
}

const none = -1

// maxSource is the largest source that a tree or a configuration can hold:
// offsets have 32 bits.
const maxSource = 1<<31 - 1

// Parse reads source, which may hold anything, into a tree. What is wrong with
// it is in the tree's diagnostics. The name is only for positions.
func Parse(name, source string) *Tree {
	if len(source) > maxSource {
		source = source[:maxSource]
	}
	p := parser{tree: &Tree{Name: name, Source: source, lines: source}, open: none}
	_, isTemplate := TemplateMark(source)
	if isTemplate {
		p.tree.lines = marksOnOneLine(source)
	}
	p.tree.nodes = make([]node, 0, strings.Count(source, "\n")+1)
	for offset, number := int32(0), int32(1); int(offset) < len(source); {
		l := nextLine(p.tree.lines, offset, number)
		if isTemplate {
			l.last += int32(strings.Count(source[l.start:l.end], "\n") - strings.Count(p.tree.lines[l.start:l.end], "\n"))
		}
		p.add(l)
		offset, number = l.end, l.last+1
	}
	p.finish()
	if isTemplate {
		p.tree.Diagnostics = []Diagnostic{templateNotice(name, readTemplate(source))}
	}
	return p.tree
}

// parser builds a tree line by line.
type parser struct {
	tree *Tree
	open int32 // the innermost section still open, or none
}

func (p *parser) add(l line) {
	index := int32(len(p.tree.nodes))
	p.tree.nodes = append(p.tree.nodes, node{
		extent: l.extent, numbers: l.numbers, parent: p.open, match: none, kind: kindOf(l.text),
	})
	switch n := &p.tree.nodes[index]; n.kind {
	case OpenLine:
		p.checkBracket(index, l.text)
		p.open = index
	case CloseLine:
		p.close(index, l.text)
	}
}

func kindOf(text string) Kind {
	switch {
	case text == "":
		return BlankLine
	case text[0] == '#':
		return CommentLine
	}
	name, _ := splitName(text)
	switch {
	case strings.HasPrefix(name, "</"):
		return CloseLine
	case strings.HasPrefix(name, "<"):
		return OpenLine
	}
	return DirectiveLine
}

// unclosed is what httpd says of a line of a section, or of its end, without its
// ">", to trees and configurations alike.
func unclosed(name string) string { return name + "> directive missing closing '>'" }

// checkBracket reports a section line without its ">".
func (p *parser) checkBracket(index int32, text string) {
	name, args := splitName(text)
	if !strings.Contains(args, ">") {
		p.report(index, unclosed(name))
	}
}

// maxLevels is how many open sections are looked through for the one that a
// closing line could mean: more than a person would nest, and few enough not to
// take long.
const maxLevels = 64

// close matches a closing line with the section that it closes. One that fits
// an outer section only is reported, and closes that; one that fits none is
// reported, and taken for the end of the inner section, misspelt.
func (p *parser) close(index int32, text string) {
	name, _ := splitName(text)
	closed, bracket := strings.CutSuffix(name, ">")
	if !bracket {
		p.report(index, unclosed(name))
	}
	at := p.open
	for levels := 0; at != none && !strings.EqualFold(p.nameOf(at), closed[len("</"):]); levels++ {
		if at = p.tree.nodes[at].parent; levels == maxLevels {
			at = none
		}
	}
	switch {
	case p.open == none:
		p.report(index, closed+"> without matching <"+closed[len("</"):]+"> section")
		return
	case at != p.open:
		p.report(index, "Expected </"+p.nameOf(p.open)+"> but saw "+closed+">")
	}
	if at == none {
		at = p.open
	}
	p.tree.nodes[at].match, p.tree.nodes[index].match = index, at
	p.open = p.tree.nodes[at].parent
	p.tree.nodes[index].parent = p.open
}

func (p *parser) nameOf(index int32) string { return p.tree.node(index).Name() }

// finish reports the sections that the file leaves open.
func (p *parser) finish() {
	for ; p.open != none; p.open = p.tree.nodes[p.open].parent {
		p.report(p.open, "<"+p.nameOf(p.open)+"> was not closed.")
	}
}

func (p *parser) report(index int32, message string) {
	n := p.tree.node(index)
	p.tree.Diagnostics = append(p.tree.Diagnostics, Diagnostic{
		Severity: Error, Pos: n.Pos(), End: n.End(), Message: message,
		Excerpt: excerpt(p.tree.Source, n.Pos().Offset), HTTPDLine: n.HTTPDLine(),
	})
}

// excerpt is the physical line of source that holds offset.
func excerpt(source string, offset int) string {
	start := strings.LastIndexByte(source[:offset], '\n') + 1
	return strings.TrimRight(source[start:lineEnd(source, offset)], "\r\n")
}

// Nodes are all nodes in the order of the file.
func (t *Tree) Nodes() iter.Seq[Node] {
	return func(yield func(Node) bool) {
		for i := range t.nodes {
			if !yield(t.node(int32(i))) {
				return
			}
		}
	}
}

func (t *Tree) node(index int32) Node { return Node{tree: t, index: index} }
