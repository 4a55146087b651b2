package conf

import "strings"

// Node is one line of a tree, with its continuations.
type Node struct {
	tree  *Tree
	index int32
}

func (n Node) raw() *node { return &n.tree.nodes[n.index] }

// Kind is what the line is.
func (n Node) Kind() Kind { return n.raw().kind }

// Text is every byte of the line, its line end included.
func (n Node) Text() string { return n.tree.Source[n.raw().start:n.raw().end] }

// Span is where Text stands.
func (n Node) Span() Span { return Span{int(n.raw().start), int(n.raw().end)} }

// Logical is the line as httpd reads it: joined, without white space at its
// ends, variables not yet replaced.
func (n Node) Logical() string {
	return nextLine(n.tree.lines, n.raw().start, n.raw().first).text
}

// Name is the name of the directive or section as written, without "<", "</"
// and ">"; empty for comments and blank lines.
func (n Node) Name() string {
	name, _ := splitName(n.code())
	switch n.Kind() {
	case OpenLine:
		return name[len("<"):]
	case CloseLine:
		return strings.TrimSuffix(name[len("</"):], ">")
	}
	return name
}

// Args is what follows the name, unchanged; of a section line, what stands
// before the last ">".
func (n Node) Args() string {
	_, args := splitName(n.code())
	if n.Kind() == OpenLine {
		return beforeBracket(args)
	}
	return args
}

// code is Logical, and empty for what has no name.
func (n Node) code() string {
	if n.Kind() == BlankLine || n.Kind() == CommentLine {
		return ""
	}
	return n.Logical()
}

// beforeBracket is what stands before the last ">".
func beforeBracket(args string) string {
	before, _ := cutBracket(args)
	return before
}

// Words are the arguments, without their quotes.
func (n Node) Words() []string { return Words(n.Args()) }

// Pos is the place of the first character that is no white space.
func (n Node) Pos() Pos {
	text := n.Text()
	indent := len(text) - len(trimLeft(text))
	if indent == len(text) {
		indent = 0
	}
	return n.pos(int(n.raw().start) + indent)
}

// End is the place after the last character that is no white space.
func (n Node) End() Pos {
	return n.pos(int(n.raw().start) + len(trimRight(n.Text())))
}

// pos is the place of a byte of this node.
func (n Node) pos(offset int) Pos {
	return position(n.tree.Name, n.tree.Source, int(n.raw().start), int(n.raw().first), offset)
}

// position counts lines and columns from start, where the physical line number
// begins, to offset.
func position(file, source string, start, number, offset int) Pos {
	before := source[start:max(offset, start)]
	number += strings.Count(before, "\n")
	return Pos{
		File: file, Line: number, Offset: offset,
		Column: len(before) - (strings.LastIndexByte(before, '\n') + 1) + 1,
	}
}

// HTTPDLine is the line number that httpd gives the directive: that of its
// last physical line.
func (n Node) HTTPDLine() int { return int(n.raw().last) }

// Match is the line that closes this section, or that opens it.
func (n Node) Match() (Node, bool) {
	match := n.raw().match
	if match == none {
		return Node{}, false
	}
	return n.tree.node(match), true
}
