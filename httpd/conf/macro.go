package conf

import (
	"fmt"
	"strings"
)

// maxMacroLine is MAX_STRING_LEN of httpd: mod_macro reads and expands lines
// into buffers of that size.
const maxMacroLine = 8192

// macro is a macro that was defined (modules/core/mod_macro.c).
type macro struct {
	name       string // in lower case
	parameters []string
	begins     [256]bool // the bytes that parameters begin with
	lines      []string  // the body, each with its newline
	size       int       // bytes of the body
	body       []bodyPos // where each line stands
	file       *File
	location   string // defined on line 3 of "/etc/…"
}

// bodyPos is where a line of a macro's body stands in the file of the macro.
type bodyPos struct {
	first int32
	extent
}

// defineMacro carries out <Macro name parameter…>. The text to the matching
// end is its body; comments are left out, and with them do not count as lines.
func (r *reader) defineMacro(args string, l line) {
	at := r.place(l)
	if r.macros == nil {
		r.macros = map[string]*macro{}
	}
	header, ok := cutBracket(args)
	words := Words(header)
	switch {
	case !ok:
		r.report(Error, at, unclosed("<Macro"))
		return
	case header == "":
		r.report(Error, at, "<Macro macro definition: empty name")
		return
	case len(words) == 0 || words[0] == "":
		r.report(Error, at, "<Macro macro definition: name not found")
		return
	}
	if !r.grow(at, len(at.source.Name), "the definition of macro", words[0]) {
		return
	}
	m := &macro{
		name: strings.ToLower(words[0]), parameters: withoutFlags(words[1:]), file: at.source.File,
		location: fmt.Sprintf("defined on line %d of \"%s\"", at.last, at.source.Name),
	}
	if problem := m.checkParameters(); problem != "" {
		r.report(Error, at, problem)
	}
	m.noteBeginnings()
	if problem := r.readBody(m); problem != "" {
		r.report(Error, at, fmt.Sprintf("macro '%s' (%s)\n\tcontents error: %s", m.name, m.location, problem))
		return
	}
	r.macros[m.name] = m
}

// cutBracket is what stands before the last ">".
func cutBracket(text string) (before string, found bool) {
	if i := strings.LastIndexByte(text, '>'); i >= 0 {
		return text[:i], true
	}
	return text, false
}

// withoutFlags takes off the words that only switch warnings off.
func withoutFlags(words []string) []string {
	for len(words) > 0 && strings.HasPrefix(words[0], "/") {
		words = words[1:]
	}
	return words
}

// checkParameters looks for empty names and for names that stand twice, and
// tells the first of these.
func (m *macro) checkParameters() string {
	conflict, other := len(m.parameters), 0
	first := map[string]int{}
	for i, parameter := range m.parameters {
		if at, twice := first[parameter]; !twice {
			first[parameter] = i
		} else if at < conflict {
			conflict, other = at, i
		}
	}
	empty, found := first[""]
	switch {
	case found && empty <= conflict:
		return fmt.Sprintf("macro '%s' (%s): empty argument #%d name", m.name, m.location, empty+1)
	case conflict < len(m.parameters):
		return fmt.Sprintf("argument name conflict in macro '%s' (%s): argument '%s': #%d and #%d, change argument names!",
			m.name, m.location, m.parameters[conflict], conflict+1, other+1)
	}
	return ""
}

// readBody takes lines up to the matching </Macro> (get_lines_till_end_token).
func (r *reader) readBody(m *macro) (problem string) {
	nesting := 1
	for {
		l, ok := r.nextLine()
		if !ok || l.end-l.start > maxMacroLine && len(l.text) >= maxMacroLine-1 {
			return "expected token not found: </Macro>"
		}
		if strings.HasPrefix(l.text, "#") {
			continue
		}
		first, _ := firstWord(l.text)
		if strings.EqualFold(first, "</Macro>") {
			if nesting--; nesting == 0 {
				return ""
			}
		} else if strings.EqualFold(first, "<Macro") {
			nesting++
		}
		at := r.place(l)
		m.lines, m.size = append(m.lines, l.text+"\n"), m.size+len(l.text)+1
		m.body = append(m.body, bodyPos{at.first, at.extent})
	}
}

// useMacro carries out Use name value…: the body with the values in the place
// of the parameters is read before the lines that follow.
func (r *reader) useMacro(args string, l line) {
	at := r.place(l)
	name, rest := Word(args)
	name = strings.ToLower(name)
	m, defined := r.macros[name]
	switch {
	case r.macros == nil:
		r.report(Error, at, "no macro defined before Use")
		return
	case name == "":
		r.report(Error, at, "no macro name specified with Use")
		return
	case !defined:
		r.report(Error, at, fmt.Sprintf("macro '%s' undefined", name))
		return
	case strings.Contains(at.source.Name, "macro '"+name+"'"):
		r.report(Error, at, fmt.Sprintf("recursive use of macro '%s' is invalid", name))
		return
	}
	values := Words(rest)
	if len(values) != len(m.parameters) {
		r.report(Error, at, fmt.Sprintf("macro '%s' (%s) used with %d arguments instead of %d",
			m.name, m.location, len(values), len(m.parameters)))
		return
	}
	where := fmt.Sprintf("macro '%s' (%s) used on line %d of \"%s\"", m.name, m.location, at.last, at.source.Name)
	if r.stream.nested == maxNesting {
		r.stop(at, fmt.Sprintf("macros use each other more than %d deep; wsgictl reads nothing after this line: "+
			"write what the last of them hold in their place", maxNesting))
		return
	}
	if !r.grow(at, m.cost()+len(where), "macro", name) {
		return
	}
	text, problem := m.expand(values, m.size+r.budget.left())
	switch {
	case problem != "":
		r.report(Error, at, where+" error while substituting: "+problem)
		return
	case !r.grow(at, max(0, len(text)-m.size), "macro", name):
		return
	}
	link := &Link{Source: at.source, Directive: Written(l.text), Pos: at.pos(), HTTPDLine: int(at.last), Unknown: r.unknown}
	r.stream = &stream{
		source: &Source{Name: where, File: m.file, Macro: m.name, From: link},
		text:   text, number: 1, body: m.body, outer: r.stream, nested: r.stream.nested + 1,
	}
}

func (r *reader) undefineMacro(args string, l line) {
	name, _ := Word(args)
	name = strings.ToLower(name)
	if r.macros == nil {
		r.report(Error, r.place(l), "no macro defined before UndefMacro")
		return
	}
	if _, ok := r.macros[name]; !ok {
		r.report(Error, r.place(l), fmt.Sprintf("cannot remove undefined macro '%s'", name))
		return
	}
	delete(r.macros, name)
}
