package httpdconf

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
	lines      []string  // the body, each with its newline
	body       []bodyPos // where each line stands
	file       *File
	location   string // defined on line 3 of "/etc/…"
}

// bodyPos is where a line of a macro's body stands in the file of the macro.
type bodyPos struct{ first, start, end int }

// defineMacro carries out <Macro name parameter…>. The text to the matching
// end is its body; comments are left out, and with them do not count as lines.
func (r *reader) defineMacro(args string, l line) {
	at := r.place(l)
	if r.macros == nil {
		r.macros = map[string]*macro{}
	}
	header, ok := cutLast(args, ">")
	words := Words(header)
	switch {
	case !ok:
		r.report(Error, at, "<Macro> directive missing closing '>'")
		return
	case header == "":
		r.report(Error, at, "<Macro macro definition: empty name")
		return
	case len(words) == 0 || words[0] == "":
		r.report(Error, at, "<Macro macro definition: name not found")
		return
	}
	m := &macro{
		name: strings.ToLower(words[0]), parameters: withoutFlags(words[1:]), file: at.source.File,
		location: fmt.Sprintf("defined on line %d of \"%s\"", at.line, at.source.Name),
	}
	if problem := m.checkParameters(); problem != "" {
		r.report(Error, at, problem)
	}
	if problem := r.readBody(m); problem != "" {
		r.report(Error, at, fmt.Sprintf("macro '%s' (%s)\n\tcontents error: %s", m.name, m.location, problem))
		return
	}
	r.macros[m.name] = m
}

// cutLast is what stands before the last separator.
func cutLast(text, separator string) (before string, found bool) {
	if i := strings.LastIndex(text, separator); i >= 0 {
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

func (m *macro) checkParameters() string {
	for i, parameter := range m.parameters {
		if parameter == "" {
			return fmt.Sprintf("macro '%s' (%s): empty argument #%d name", m.name, m.location, i+1)
		}
		for j, other := range m.parameters[i+1:] {
			if parameter == other {
				return fmt.Sprintf("argument name conflict in macro '%s' (%s): argument '%s': #%d and #%d, change argument names!",
					m.name, m.location, parameter, i+1, i+j+2)
			}
		}
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
		m.lines = append(m.lines, l.text+"\n")
		m.body = append(m.body, bodyPos{at.first, at.start, at.end})
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
	text, problem := m.expand(values)
	where := fmt.Sprintf("macro '%s' (%s) used on line %d of \"%s\"", m.name, m.location, at.line, at.source.Name)
	if problem != "" {
		r.report(Error, at, where+" error while substituting: "+problem)
		return
	}
	if !r.spend(at, len(text)) {
		return
	}
	link := &Link{Source: at.source, Directive: l.text, Pos: at.pos(), HTTPDLine: at.line, Unknown: r.unknown}
	r.stream = &stream{
		source: &Source{Name: where, File: m.file, Macro: m.name, From: link},
		text:   text, number: 1, body: m.body, outer: r.stream,
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

// expand puts values in the place of the parameters (process_content).
func (m *macro) expand(values []string) (text, problem string) {
	var out strings.Builder
	for i, line := range m.lines {
		expanded, ok := m.expandLine(line, values)
		if !ok {
			return "", fmt.Sprintf("while processing line %d of macro '%s' (%s) cannot substitute, buffer size too small",
				i+1, m.name, m.location)
		}
		out.WriteString(expanded)
	}
	return out.String(), ""
}

// expandLine replaces the parameters of one line from left to right; of those
// that begin at the same place, the longest. A parameter with "@" is put in
// double quotes. As in httpd, the search goes on after as many bytes as the
// bare value has.
func (m *macro) expandLine(line string, values []string) (expanded string, ok bool) {
	for at := 0; ; {
		start, which := m.nextParameter(line[at:])
		if which < 0 {
			return line, true
		}
		start += at
		name, value := m.parameters[which], values[which]
		inserted := value
		if name[0] == '@' && name != value {
			inserted = `"` + strings.NewReplacer(`"`, `\"`, `\`, `\\`).Replace(value) + `"`
		}
		line = line[:start] + inserted + line[start+len(name):]
		if len(line) >= maxMacroLine {
			return "", false
		}
		at = start + len(value)
	}
}

func (m *macro) nextParameter(text string) (start, which int) {
	start, which = -1, -1
	for i, parameter := range m.parameters {
		found := strings.Index(text, parameter)
		if found < 0 {
			continue
		}
		if which < 0 || found < start || found == start && len(parameter) > len(m.parameters[which]) {
			start, which = found, i
		}
	}
	return start, which
}
