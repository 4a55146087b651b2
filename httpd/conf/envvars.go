package conf

import (
	"fmt"
	"maps"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// ReadEnvvars gives the environment that a file such as Debian's
// /etc/apache2/envvars leaves to httpd, on top of environment. No shell runs:
// assignments, export, unset, ": ${NAME:=value}" and "if [ … ]" are carried
// out, with the usual forms of ${NAME}. Lines that would need a shell, or more
// steps than any such file takes, and the variables that they set, are left out;
// they are the second result. exists answers tests for files.
func ReadEnvvars(text string, environment map[string]string, exists func(name string) bool) (result map[string]string, skipped []string) {
	s := shell{variables: maps.Clone(environment), exists: exists, steps: maxSteps}
	if s.variables == nil {
		s.variables = map[string]string{}
	}
	for offset, number := int32(0), int32(1); int(offset) < len(text); {
		l := nextLine(text, offset, number)
		offset, number = l.end, l.last+1
		for _, statement := range shellStatements(l.text) {
			if !s.run(statement) {
				s.skipped = append(s.skipped, fmt.Sprintf("line %d: %s", l.first, statement))
			}
		}
	}
	return s.variables, s.skipped
}

// shell carries out the statements of a shell script that only sets variables.
type shell struct {
	variables map[string]string
	exists    func(string) bool
	skipped   []string
	branches  []branch // of the open ifs
	steps     int      // bytes that may still be looked at or written for values
}

const (
	// MaxEnvvars is how many bytes a file of variables may have.
	MaxEnvvars = 1 << 20
	// maxValueLength is how long a variable may be that the kernel hands to a
	// program (execve(2): MAX_ARG_STRLEN).
	maxValueLength = 128 << 10
	maxSteps       = 64 << 20
)

// spend takes steps off; it is false where they are used up.
func (s *shell) spend(steps int) bool {
	s.steps -= min(steps, s.steps)
	return s.steps > 0
}

// branch is one open if: whether its current part is carried out, and whether
// one of its parts was.
type branch struct{ live, taken, outer bool }

func (s *shell) live() bool {
	return len(s.branches) == 0 || s.branches[len(s.branches)-1].live
}

// run carries out one statement; false when it is beyond this shell.
func (s *shell) run(statement string) bool {
	word, rest, _ := strings.Cut(statement, " ")
	rest = strings.TrimSpace(rest)
	switch word {
	case "if":
		holds, ok := s.test(rest)
		s.branches = append(s.branches, branch{live: s.live() && holds, taken: holds, outer: s.live()})
		return ok
	case "then":
		return rest == "" || s.run(rest)
	case "else", "elif":
		return s.otherwise(word, rest)
	case "fi":
		s.branches = s.branches[:max(0, len(s.branches)-1)]
		return true
	}
	if !s.live() {
		return true
	}
	switch word {
	case "unset":
		for _, name := range strings.Fields(rest) {
			delete(s.variables, name)
		}
		return true
	case ":":
		_, ok := s.expand(rest)
		return ok
	case "export":
		return s.assignAll(rest)
	}
	return strings.Contains(word, "=") && s.assignAll(statement)
}

func (s *shell) otherwise(word, rest string) bool {
	if len(s.branches) == 0 {
		return false
	}
	b := &s.branches[len(s.branches)-1]
	if word == "else" {
		b.live = b.outer && !b.taken
		return rest == "" || s.run(rest)
	}
	holds, ok := s.test(rest)
	b.live = b.outer && !b.taken && holds
	b.taken = b.taken || holds
	return ok
}

// assignAll carries out NAME=value words; a NAME alone is only exported.
func (s *shell) assignAll(text string) bool {
	for text = strings.TrimSpace(text); text != ""; {
		end := max(1, shellWordEnd(text))
		word := text[:end]
		text = strings.TrimSpace(text[end:])
		name, value, assigned := strings.Cut(word, "=")
		if !assigned {
			continue
		}
		if !isName(name) {
			return false
		}
		expanded, ok := s.expand(value)
		if !ok {
			delete(s.variables, name)
			return false
		}
		s.variables[name] = expanded
	}
	return true
}

// test decides "[ … ]"; what it does not understand does not hold.
func (s *shell) test(text string) (holds, ok bool) {
	text = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(text), "["), "]")
	text = strings.TrimSpace(strings.TrimPrefix(text, "test "))
	var words []string
	for text != "" {
		end := max(1, shellWordEnd(text))
		word, ok := s.expand(text[:end])
		if !ok {
			return false, false
		}
		words = append(words, word)
		text = strings.TrimSpace(text[end:])
	}
	negated := len(words) > 0 && words[0] == "!"
	if negated {
		words = words[1:]
	}
	holds, ok = s.testWords(words)
	return ok && holds != negated, ok
}

func (s *shell) testWords(words []string) (holds, ok bool) {
	switch {
	case len(words) == 1:
		return words[0] != "", true
	case len(words) == 3 && (words[1] == "=" || words[1] == "=="):
		return words[0] == words[2], true
	case len(words) == 3 && words[1] == "!=":
		return words[0] != words[2], true
	case len(words) == 2 && words[0] == "-n":
		return words[1] != "", true
	case len(words) == 2 && words[0] == "-z":
		return words[1] == "", true
	case len(words) == 2 && strings.Contains("-e-f-d-r-x", words[0]):
		return s.exists(words[1]), true
	}
	return false, false
}

// shellStatements splits a line at ";" and drops a comment.
func shellStatements(line string) []string {
	var statements []string
	for line != "" {
		end := 0
		for end < len(line) && line[end] != ';' && (line[end] != '#' || end > 0 && line[end-1] != ' ') {
			end += max(1, shellWordEnd(line[end:]))
		}
		if statement := strings.TrimSpace(line[:end]); statement != "" {
			statements = append(statements, statement)
		}
		if end == len(line) || line[end] == '#' {
			break
		}
		line = strings.TrimSpace(line[end+1:])
	}
	return statements
}

// shellWordEnd is the length of the word that text begins with: up to a space
// or ";" outside quotes and braces.
func shellWordEnd(text string) int {
	quote, braces := byte(0), 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && quote != '\'':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '{':
			braces++
		case c == '}':
			braces--
		case braces <= 0 && (c == ' ' || c == '\t' || c == ';'):
			return i
		}
	}
	return len(text)
}

// expand is the value of a word: without its quotes, with variables replaced.
// It is false for what only a shell can compute.
func (s *shell) expand(word string) (string, bool) {
	var out strings.Builder
	quote := byte(0)
	for i := 0; i < len(word); i++ {
		c := word[i]
		switch {
		case quote == '\'' && c != '\'':
			out.WriteByte(c)
		case c == '"' && quote != '\'' || c == '\'' && quote != '"':
			quote ^= c
		case c == '\\' && i+1 < len(word):
			i++
			out.WriteByte(word[i])
		case c == '`' || strings.HasPrefix(word[i:], "$("):
			return "", false
		case c == '$':
			value, length, ok := s.reference(word[i:])
			if !ok {
				return "", false
			}
			if out.Len()+len(value) > maxValueLength || !s.spend(length+len(value)) {
				return "", false
			}
			out.WriteString(value)
			i += length - 1
		default:
			out.WriteByte(c)
		}
	}
	return out.String(), true
}

// reference is the value of $NAME or ${NAME…} at the start of text, and the
// length of the reference.
func (s *shell) reference(text string) (value string, length int, ok bool) {
	if !strings.HasPrefix(text, "${") {
		end := 1
		for end < len(text) && isWordByte(text[end]) {
			end++
		}
		return s.variables[text[1:end]], end, end > 1
	}
	end, braces := 2, 1
	for ; end < len(text) && braces > 0; end++ {
		switch text[end] {
		case '{':
			braces++
		case '}':
			braces--
		}
	}
	if braces > 0 || !s.spend(end) {
		return "", 0, false
	}
	inside := text[2 : end-1]
	nameEnd := 0
	for nameEnd < len(inside) && isWordByte(inside[nameEnd]) {
		nameEnd++
	}
	value, ok = s.parameter(inside[:nameEnd], inside[nameEnd:])
	return value, end, ok
}

// parameter is ${name…} with the operators for defaults and for cutting off a
// pattern at an end.
func (s *shell) parameter(name, operator string) (value string, ok bool) {
	value, set := s.variables[name]
	colon := strings.HasPrefix(operator, ":")
	set = set && !(colon && value == "")
	operator = strings.TrimPrefix(operator, ":")
	if operator == "" {
		return value, true
	}
	for _, cut := range []string{"##", "#", "%%", "%"} {
		if pattern, found := strings.CutPrefix(operator, cut); found && !colon {
			pattern, ok = s.expand(pattern)
			if !s.spend(len(value) * len(value) * len(pattern)) {
				return "", false
			}
			return cutPattern(value, pattern, cut), ok
		}
	}
	word, ok := s.expand(operator[1:])
	switch operator[0] {
	case '-':
		if set {
			return value, true
		}
		return word, ok
	case '=':
		if set {
			return value, true
		}
		if ok {
			s.variables[name] = word
		}
		return word, ok
	case '+':
		if !set {
			return "", true
		}
		return word, ok
	}
	return "", false
}

// cutPattern takes the shortest ("#", "%") or longest ("##", "%%") match of
// pattern off the start or the end of value. It takes time in the product of
// the length of pattern and the square of that of value.
func cutPattern(value, pattern, cut string) string {
	for i := 0; i <= len(value); i++ {
		at := i // from short to long
		if len(cut) == 2 {
			at = len(value) - i // from long to short
		}
		if cut[0] == '#' && expr.MatchGlob(pattern, value[:at], 0) {
			return value[at:]
		}
		if cut[0] == '%' && expr.MatchGlob(pattern, value[len(value)-at:], 0) {
			return value[:len(value)-at]
		}
	}
	return value
}

func isName(text string) bool {
	for i := range len(text) {
		if !isWordByte(text[i]) || i == 0 && text[0] >= '0' && text[0] <= '9' {
			return false
		}
	}
	return text != ""
}
