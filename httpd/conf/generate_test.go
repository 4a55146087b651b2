package conf_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// maker writes configurations over the whole of what is carried out while the
// text is read: includes with patterns, variables, conditions, macros, odd
// line ends and quotes. All of them are such that httpd accepts them.
type maker struct {
	random  *rand.Rand
	version string            // of the httpd that is asked
	files   map[string]string // by name below the server's folder
	macros  []madeMacro
	count   int
}

type madeMacro struct {
	name       string
	parameters int
	sections   bool // it may only stand outside sections
}

func (m *maker) chance(percent int) bool { return m.random.IntN(100) < percent }

func (m *maker) pick(words ...string) string { return words[m.random.IntN(len(words))] }

func (m *maker) number() int { m.count++; return m.count }

// end is the end of a line, which may be continued on a line of its own.
func (m *maker) end() string { return m.pick("\n", "\n", "\n", "\n", "\r\n", " \t\n", " \\\n\n") }

func (m *maker) indent(depth int) string {
	return strings.Repeat(m.pick("  ", "\t", ""), depth)
}

// value is an argument, as it may be written.
func (m *maker) value() string {
	return m.pick("plain", "\"two words\"", "'single'", `"esc\"aped \\ \n"`, "${A}", "${a}/x", "\"${B} ${A}\"", "${UNDEFINED}",
		"$", "${", "a$b}", "%{X}e", "\xff\xfe", "x\\y", `"open`, "a#b", "${HOME}", "<", "a>", "$1")
}

// line is one directive that may stand anywhere.
func (m *maker) line(depth int) string {
	indent, n := m.indent(depth), m.number()
	switch m.random.IntN(10) {
	case 0:
		return fmt.Sprintf("%s# comment %d%s%s", indent, n, m.pick("", " \\\n  goes on"), m.pick("\n", "\r\n"))
	case 1:
		return m.pick("\n", "  \n", "\t\r\n", "\\\n\n")
	case 2:
		return fmt.Sprintf("%sUNSETENV V%d \\\n\t%s%s", indent, n, m.value(), m.end())
	case 3:
		return fmt.Sprintf("%s%s%s %s%s", indent, m.pick("Define", "define"), m.pick(" A", " B", "\tC"), m.pick("1", "two", "\"t h r e e\"", "${A}x", ""), m.end())
	case 4:
		return fmt.Sprintf("%sUnDefine %s%s", indent, m.pick("A", "B", "C", "a"), m.end())
	default:
		return fmt.Sprintf("%s%s V%d %s%s", indent, m.pick("UnsetEnv", "unsetenv", "UNSETENV", "\"UnsetEnv\""), n, m.value(), m.end())
	}
}

// block is some lines and sections. inside tells that a section is open.
func (m *maker) block(depth int, inside bool) string {
	var out strings.Builder
	for range m.random.IntN(5) + 1 {
		switch {
		case depth > 4 || m.chance(45):
			out.WriteString(m.line(depth))
		case m.chance(55):
			out.WriteString(m.condition(depth, inside))
		case m.chance(30) && depth < 3:
			out.WriteString(m.include(depth, inside))
		case m.chance(50):
			out.WriteString(m.macro(depth, inside))
		case !inside:
			out.WriteString(m.section(depth))
		}
	}
	return out.String()
}

func (m *maker) section(depth int) string {
	n := m.number()
	name, argument := m.pick("Directory", "DIRECTORY"), m.pick("/srv", "\"/srv/a b\"", "/srv/${A}", "~ \"^/x>y\"")
	if m.chance(30) {
		name, argument = "Location", fmt.Sprintf("/u%d", n)
	}
	indent := m.indent(depth)
	return fmt.Sprintf("%s<%s %s%s>%s%s%s</%s>%s", indent, name, argument, m.pick("", " "), m.end(),
		m.block(depth+1, true), indent, m.pick(name, strings.ToLower(name)), m.pick("\n", "\r\n", " \n"))
}

func (m *maker) condition(depth int, inside bool) string {
	name, argument := "IfDefine", m.pick("A", "!A", "B", "C", "!C", "a", "\"A\"")
	switch m.random.IntN(6) {
	case 0:
		name, argument = "IfModule", m.pick("mod_env.c", "!mod_env.c", "env_module", "mod_nothing.c", "core.c", "so_module", "!mpm_event_module", "event.c", "env")
	case 1:
		name, argument = "IfVersion", m.pick(">= 2.4", "< 2.4", "2.4", "= "+m.version, "!= 2.3", "~ ^2\\.4", "/^2/", ">= \"2.4.1\"", "!~ ^2")
	case 2:
		name, argument = "IfFile", m.pick("/etc/passwd", "!/etc/passwd", "conf", "conf/none", "httpd.conf", "!./httpd.conf")
	case 3:
		name, argument = "IfDirective", m.pick("SetEnv", "setenv", "!Nothing", "Use", "IfModule", "\"Define\"")
	case 4:
		name, argument = "IfSection", m.pick("Directory", "ifmodule", "!Macro", "Nothing", "!SetEnv")
	}
	indent := m.indent(depth)
	return fmt.Sprintf("%s<%s %s%s>%s%s%s</%s>%s", indent, m.pick(name, strings.ToLower(name)), argument, m.pick("", " "), m.end(),
		m.block(depth+1, inside), indent, m.pick(name, strings.ToUpper(name)), m.pick("\n", "\r\n", " \n"))
}

// include writes files and the line that includes them.
func (m *maker) include(depth int, inside bool) string {
	n := m.number()
	folder := fmt.Sprintf("conf/d%d", n)
	for i := range m.random.IntN(3) + 1 {
		name := fmt.Sprintf("%s/%s%d.conf", folder, m.pick("a", "b", "Z", ".x", "sub/s", "sub/deep/y"), i)
		text := m.block(depth+1, inside)
		if m.chance(20) {
			text = strings.TrimSuffix(text, "\n")
		}
		m.files[name] = text
	}
	m.files[folder+"/readme.txt"] = m.line(0)
	pattern := m.pick(folder, folder+"/", folder+"/*", folder+"/*.conf", folder+"/[ab]*.conf", folder+"/*/*.conf", folder+"/sub/*",
		folder+"/?[0-9].conf", "./"+folder+"/../"+fmt.Sprintf("d%d", n)+"/*.conf", "conf/d"+fmt.Sprint(n)+"*/*.conf", folder+"/none.conf", folder+"/none*/x")
	return fmt.Sprintf("%sIncludeOptional %s%s", m.indent(depth), pattern, m.end())
}

// macro defines a macro, or uses one that was defined before. What is defined
// inside a condition may be missing later, so that only top-level ones are
// used.
func (m *maker) macro(depth int, inside bool) string {
	if depth > 0 || len(m.macros) == 0 || m.chance(40) {
		if depth > 0 {
			return m.use(inside)
		}
		return m.defineMacro()
	}
	return m.use(inside)
}

func (m *maker) defineMacro() string {
	made := madeMacro{name: fmt.Sprintf("M%d", m.number()), parameters: m.random.IntN(4), sections: m.chance(40)}
	parameters := []string{"$one", "${two}", "@three"}[:min(made.parameters, 3)]
	var body strings.Builder
	for range m.random.IntN(3) + 1 {
		body.WriteString(m.line(1))
		for _, parameter := range parameters {
			fmt.Fprintf(&body, "  UnsetEnv P%d %s%s\n", m.number(), parameter, m.pick("", "", "x"))
		}
		if m.chance(30) {
			body.WriteString(m.use(true))
		}
	}
	if made.sections {
		body.WriteString(m.section(1))
	}
	made.parameters = len(parameters)
	text := fmt.Sprintf("<Macro %s %s>\n%s</Macro>\n", made.name, strings.Join(parameters, " "), body.String())
	m.macros = append(m.macros, made)
	return text
}

func (m *maker) use(inside bool) string {
	if len(m.macros) == 0 {
		return m.line(0)
	}
	made := m.macros[m.random.IntN(len(m.macros))]
	if inside && made.sections {
		return m.line(0)
	}
	var values []string
	for range made.parameters {
		values = append(values, m.pick("v", "\"v w\"", "'q \"in\" q'", "${A}", "a\\\\b", "x/$one"))
	}
	return fmt.Sprintf("%s %s %s%s", m.pick("Use", "use"), m.pick(made.name, strings.ToLower(made.name)), strings.Join(values, " "), m.end())
}
