package conf

import (
	"strings"
	"sync"
)

// knownNames are the names of all directives of httpd's own modules, by their
// lower case.
var knownNames = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	for _, module := range allModules() {
		for _, form := range module.Directives {
			names[strings.ToLower(form.Name)] = form.Name
		}
	}
	return names
})

// recognisedLines is how many lines with text tell what a file holds.
const recognisedLines = 2000

// IsApache tells whether a text is Apache configuration, or a template of it: more
// than half of its lines are directives that httpd or mod_wsgi has, and no
// assignments or blocks of another language; one of them at least as httpd spells
// it, since PAM has its session and many a server its timeout. Much else is called *.conf.
func IsApache(text string) bool {
	if _, found := TemplateMark(text); found {
		t := readTemplate(text)
		text = t.render(t.givens(1)[0])
	}
	known, other, spelled := 0, 0, false
	for offset, number := int32(0), int32(1); int(offset) < len(text) && known+other < recognisedLines; {
		l := nextLine(text, offset, number)
		offset, number = l.end, l.last+1
		switch line := hideMarks(l.text); {
		case line == "" || line[0] == '#' || strings.HasPrefix(line, "</") || strings.HasPrefix(line, hiddenStart):
		case isDirectiveLine(line):
			known++
			name, _ := splitName(line)
			spelled = spelled || name == knownNames()[strings.ToLower(name)] || isWSGI(name)
		default:
			other++
		}
	}
	return known > other && spelled
}

func isWSGI(name string) bool { return strings.HasPrefix(strings.TrimPrefix(name, "<"), "WSGI") }

func isDirectiveLine(line string) bool {
	name, args := splitName(line)
	if knownNames()[strings.ToLower(name)] == "" && !isWSGI(name) {
		return false
	}
	return !strings.HasPrefix(args, "=") && !strings.HasSuffix(line, ";") && (!strings.HasSuffix(line, "{") || strings.Contains(line, "%{"))
}
