package conf

import (
	"fmt"
	"slices"
	"strings"
)

// noteBeginnings finds the bytes that parameters begin with.
func (m *macro) noteBeginnings() {
	for _, parameter := range m.parameters {
		if parameter != "" {
			m.begins[parameter[0]] = true
		}
	}
}

// cost is what it takes to use the macro once with values that are as long as
// the names of the parameters.
func (m *macro) cost() int {
	return linkCost + len(m.lines)*lineCost + m.size + m.size*len(m.parameters)/parametersAtOnce
}

// parametersAtOnce is with how many parameters a byte is compared in the time in
// which it is copied.
const parametersAtOnce = 16

// expand puts values in the place of the parameters (process_content). It is a
// problem when the text is longer than limit; httpd has a limit for each line.
func (m *macro) expand(values []string, limit int) (text, problem string) {
	var out strings.Builder
	var buffer lineBuffer
	inserted := m.inserted(values)
	for i, line := range m.lines {
		if out.Len() > limit {
			break // the caller tells of it
		}
		expanded, ok := m.expandLine(&buffer, line, values, inserted)
		if !ok {
			return "", fmt.Sprintf("while processing line %d of macro '%s' (%s) cannot substitute, buffer size too small",
				i+1, m.name, m.location)
		}
		out.Write(expanded)
	}
	return out.String(), ""
}

// inserted are the texts that are put in the place of the parameters: values, in
// double quotes for a parameter with "@".
func (m *macro) inserted(values []string) []string {
	texts := slices.Clone(values)
	quoter := strings.NewReplacer(`"`, `\"`, `\`, `\\`)
	for i, name := range m.parameters {
		if strings.HasPrefix(name, "@") && name != values[i] {
			texts[i] = `"` + quoter.Replace(values[i]) + `"`
		}
	}
	return texts
}

// lineBuffer holds a line while it is expanded: what is done at its start, and
// what is left at its end.
type lineBuffer [2 * maxMacroLine]byte

// expandLine replaces the parameters of one line from left to right; of those
// that begin at the same place, the longest. As in httpd, the search goes on
// after as many bytes as the bare value has.
func (m *macro) expandLine(buffer *lineBuffer, line string, values, inserted []string) (expanded []byte, ok bool) {
	done, left := 0, len(buffer)-len(line)
	copy(buffer[left:], line)
	for {
		start, which := m.nextParameter(buffer[left:])
		done += copy(buffer[done:], buffer[left:left+start])
		left += start
		if which < 0 {
			return buffer[:done], true
		}
		left += len(m.parameters[which])
		text, bare := inserted[which], len(values[which])
		if done+len(text)+len(buffer)-left >= maxMacroLine {
			return nil, false
		}
		done += copy(buffer[done:], text[:bare])
		left -= len(text) - bare
		copy(buffer[left:], text[bare:])
	}
}

// nextParameter is the place of the first parameter in text, and which one it
// is; the end and -1 where there is none.
func (m *macro) nextParameter(text []byte) (start, which int) {
	which = -1
	for start = range text {
		if !m.begins[text[start]] {
			continue
		}
		for i, parameter := range m.parameters {
			longer := which < 0 || len(parameter) > len(m.parameters[which])
			if longer && parameter != "" && len(parameter) <= len(text)-start && string(text[start:start+len(parameter)]) == parameter {
				which = i
			}
		}
		if which >= 0 {
			return start, which
		}
	}
	return len(text), -1
}
