package conf

import "strings"

// templateMarks begin what a template engine would replace: Jinja and its kin,
// ERB, and Python's named placeholders. None of them has a meaning to httpd.
var templateMarks = []string{"{{", "{%", "{#", "<%", "%("}

// TemplateMark finds the first mark of a template that was not yet rendered,
// and gives its offset. Such text is not what a server reads: what it becomes
// depends on values that are not here.
func TemplateMark(source string) (offset int, found bool) {
	offset = len(source)
	if strings.IndexByte(source, '{') >= 0 || strings.IndexByte(source, '%') >= 0 { // else none of the marks, at the speed of memory
		for _, mark := range templateMarks {
			if i := indexMark(source[:offset], mark); i >= 0 {
				offset, found = i, true
			}
		}
	}
	if i := indexPlaceholder(source[:offset]); i >= 0 {
		return i, true
	}
	return offset, found
}

// indexMark finds mark where it has its other end.
func indexMark(source, mark string) int {
	for from := 0; ; {
		i := strings.Index(source[from:], mark)
		if i < 0 {
			return -1
		}
		at := from + i
		if isMark(source, mark, at) {
			return at
		}
		from = at + 1
	}
}

// markReach is how far the two ends of a mark, or a placeholder and the name of
// its directive, stand apart at most: a limit, so that finding them takes
// linear time.
const markReach = 512

func isMark(source, mark string, at int) bool {
	after := source[at+len(mark):]
	after = after[:min(len(after), markReach)]
	switch mark {
	case "{#":
		return strings.Contains(after, "#}")
	case "{%":
		return strings.Contains(after, "%}")
	case "{{":
		return strings.Contains(after, "}}") && (at == 0 || source[at-1] != '%')
	case "%(":
		end := strings.IndexByte(after, ')')
		return end > 0 && strings.HasPrefix(after[end:], ")s") && !strings.ContainsAny(after[:end], " \t\n(")
	default:
		return strings.Contains(after, "%>")
	}
}

// indexPlaceholder finds a placeholder for a value to come: %s, %name%,
// %%NAME%%, @NAME@ or a command for the shell, $(…). In formats of logs and
// headers, and in conditions and patterns, these can belong to httpd, so that
// they count only for directives that hold plain values.
//
// The three marks are looked for one by one: strings.IndexAny looks at each
// byte, which takes ten times as long.
func indexPlaceholder(source string) int {
	const marks = "%@$"
	var next [len(marks)]int // where each of them comes next
	for i := range marks {
		next[i] = indexByteFrom(source, marks[i], 0)
	}
	for {
		at := min(next[0], next[1], next[2])
		if at == len(source) {
			return -1
		}
		if placeholderLength(source[at:]) > 0 && holdsPlainValue(source, at) {
			return at
		}
		for i := range marks {
			if next[i] == at {
				next[i] = indexByteFrom(source, marks[i], at+1)
			}
		}
	}
}

// indexByteFrom is the offset of the first c at or after from, or the end.
func indexByteFrom(source string, c byte, from int) int {
	if i := strings.IndexByte(source[from:], c); i >= 0 {
		return from + i
	}
	return len(source)
}

// placeholderLength is how many bytes the placeholder has that text begins
// with; 0 where it begins with none.
func placeholderLength(text string) int {
	switch {
	case strings.HasPrefix(text, "$("):
		line := text[:min(len(text), markReach)]
		if i := strings.IndexAny(line, ")\n"); i > 0 && line[i] == ')' {
			return i + 1
		}
		return len("$(")
	case strings.HasPrefix(text, "%s") && (len(text) == 2 || !isWordByte(text[2])):
		return len("%s")
	}
	mark := text[:1]
	if strings.HasPrefix(text, "%%") {
		mark = "%%"
	}
	name := text[len(mark):]
	end := 0
	for end < len(name) && end < markReach && isWordByte(name[end]) && (name[end] < '0' || name[end] > '9') {
		end++
	}
	if mark == "$" || end < len("ip") || !strings.HasPrefix(name[end:], mark) || mark == "@" && name[:end] != strings.ToUpper(name[:end]) {
		return 0
	}
	return end + 2*len(mark)
}

// plainValues are how the names of directives begin whose values are plain:
// names, addresses and paths.
var plainValues = []string{
	"WSGI", "Server", "DocumentRoot", "<VirtualHost", "<Directory", "Alias", "ScriptAlias", "Listen", "Include", "Define", "SSLCertificate",
}

func holdsPlainValue(source string, at int) bool {
	start := max(0, at-markReach)
	start += strings.LastIndexByte(source[start:at], '\n') + 1
	name, _ := splitName(trim(source[start:at]) + " ")
	for _, prefix := range plainValues {
		if hasPrefixFold(name, prefix) {
			return true
		}
	}
	return false
}

func isWordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
