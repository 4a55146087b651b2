package conf

// File is one file that was read.
type File struct {
	Name   string // absolute, without Options.Root
	Source string // what it holds

	// Template says that the file still holds marks of a template engine:
	// Config.Renderings.
	Template bool

	// RootAlone says that the file belonged to root when it was read, that nobody
	// else might write to it, and that its name is no link. The folders that it lies
	// in are not looked at.
	RootAlone bool

	content *content // that its other names share; nil for text that was at hand
}

// Source is where httpd reads lines from: a file, or the body of a macro at
// one use of it.
type Source struct {
	// Name is what httpd calls it: the file, or for a macro
	// "macro 'x' (defined on line …) used on line …".
	Name string
	// File holds the text: for a macro, the file with its definition.
	File *File
	// Macro is the name of the macro, in lower case, or "".
	Macro string
	// From is the directive that brought this text, or nil for the first file.
	From *Link

	dumpLine int // the line that DUMP_INCLUDES gives
}

// Link is an Include, IncludeOptional, IfFile or Use.
type Link struct {
	Source    *Source
	Directive string // as written: Include sites-enabled/*.conf
	Pos       Pos
	HTTPDLine int
	// Unknown is the innermost undecided condition around it, or nil.
	Unknown *Condition
}

// Chain are the includes and macro uses that brought this text, from the first
// file on; none for the first file itself.
func (s *Source) Chain() []*Link {
	if s.From == nil {
		return nil
	}
	return append(s.From.Source.Chain(), s.From)
}

// includeDepth is the number of includes that are open around this text.
func (s *Source) includeDepth() int {
	depth := 0
	for at := s; at.From != nil; at = at.From.Source {
		if at.Macro == "" {
			depth++
		}
	}
	return depth
}
