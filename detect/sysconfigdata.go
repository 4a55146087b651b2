package detect

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/hostfiles"
)

// ReadPython reads an interpreter from its files, without starting it. It is nil
// where these do not tell; without Python's headers, Version may have two parts
// alone.
func ReadPython(path string) *Python { return treeAt("").readPython(path) }

// readPython reads an interpreter from its files, without starting it: the
// table _sysconfigdata*.py of its standard library is what sysconfig itself
// reads. Nil when path is no such interpreter, such as a shim.
func (t tree) readPython(path string) *Python {
	program := t.Real(path)
	prefix := filepath.Dir(filepath.Dir(program))
	minor := strings.TrimPrefix(filepath.Base(program), "python")
	table := hostfiles.FirstOf(t.sysconfigTables(program, prefix, minor), t.IsFile)
	if table == "" {
		return nil
	}
	text, err := t.Read(table)
	if err != nil {
		return nil
	}
	facts := sysconfigTable(text)
	if facts["VERSION"] == "" {
		return nil
	}
	stdlib := filepath.Dir(table)
	facts["version"] = t.fullVersion(facts["INCLUDEPY"], facts["VERSION"])
	facts["implementation"] = "cpython"
	facts["prefix"], facts["base_prefix"] = prefix, prefix
	facts["platstdlib"] = stdlib
	facts["platform"] = t.platform()
	p := t.pythonFrom(facts)
	p.Path, p.Interpreter, p.Prefix = path, program, t.prefixOf(path, prefix)
	return p
}

// platform is what sysconfig.get_platform() says on Linux. It stands in no
// file: of a recorded tree, and on other systems, it is not known.
func (t tree) platform() string {
	if !t.IsHere() || t.OperatingSystem() != "linux" || machine() == "" {
		return ""
	}
	return "linux-" + machine()
}

// sysconfigTables lists the files that may hold the table. There is one for
// each ABI and platform: Debian installs those of several architectures side
// by side, and that of a debug build, which has a "d", is not the interpreter's.
func (t tree) sysconfigTables(program, prefix, minor string) []string {
	var own, other []string
	for _, lib := range []string{"lib", "lib64"} {
		stdlib := filepath.Join(prefix, lib, "python"+minor)
		for _, name := range t.Names(stdlib) {
			switch path := filepath.Join(stdlib, name); {
			case !strings.HasPrefix(name, "_sysconfigdata") || !strings.HasSuffix(name, ".py"):
			case strings.HasPrefix(name, "_sysconfigdata__"):
				own = append(own, path)
			case strings.HasPrefix(name, "_sysconfigdata_m_"), strings.HasPrefix(name, "_sysconfigdata_t_"),
				name == "_sysconfigdata.py": // Python 2
				other = append(other, path)
			}
		}
	}
	if len(own) > 1 {
		triplet := hostfiles.Multiarch[t.Architecture(program)]
		own = slices.DeleteFunc(own, func(path string) bool { return !strings.Contains(path, triplet) })
	}
	return append(own, other...)
}

// fullVersion adds the patch level that the headers tell: "3.11.2"; without
// headers the table's "3.11" is all there is.
func (t tree) fullVersion(includeDir, version string) string {
	text, err := t.Read(filepath.Join(includeDir, "patchlevel.h"))
	if err != nil {
		return version
	}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) >= 3 && words[0] == "#define" && words[1] == "PY_VERSION" {
			return strings.TrimSuffix(strings.Trim(words[2], `"`), "+")
		}
	}
	return version
}

// sysconfigTable reads the dictionary display that pprint writes: string
// keys; values that are numbers, or strings continued on further lines.
func sysconfigTable(text string) map[string]string {
	_, text, found := strings.Cut(text, "{")
	if !found {
		return nil
	}
	table := map[string]string{}
	for {
		key, rest, err := pythonString(strings.TrimLeft(text, " \t\n"))
		if err != nil {
			return table
		}
		rest = strings.TrimLeft(rest, " \t\n:")
		var value string
		if value, rest, err = sysconfigValue(rest); err != nil {
			return table
		}
		table[key] = value
		text = strings.TrimLeft(rest, " \t\n,")
	}
}

// sysconfigValue reads a number, or the parts of a string, at the start of text.
func sysconfigValue(text string) (value, rest string, err error) {
	if text == "" || text[0] != '\'' && text[0] != '"' {
		end := strings.IndexAny(text, ",}")
		if end < 0 {
			return "", text, fmt.Errorf("no end of a value")
		}
		return strings.TrimSpace(text[:end]), text[end:], nil
	}
	value, rest, err = pythonString(text)
	rest = strings.TrimLeft(rest, " \t\n")
	if err != nil || rest == "" || rest[0] != '\'' && rest[0] != '"' {
		return value, rest, err // most have one part
	}
	var parts strings.Builder
	parts.WriteString(value)
	for err == nil && rest != "" && (rest[0] == '\'' || rest[0] == '"') {
		value, rest, err = pythonString(rest)
		parts.WriteString(value)
		rest = strings.TrimLeft(rest, " \t\n")
	}
	return parts.String(), rest, err
}

// pythonString reads one quoted string at the start of text.
func pythonString(text string) (value, rest string, err error) {
	if text == "" || (text[0] != '\'' && text[0] != '"') {
		return "", text, fmt.Errorf("no string")
	}
	end := strings.IndexByte(text[1:], text[0]) + 1
	if end > 0 && strings.IndexByte(text[1:end], '\\') < 0 {
		return text[1:end], text[end+1:], nil // most have no escapes
	}
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == text[0]:
			return b.String(), text[i+1:], nil
		case text[i] == '\\' && i+1 < len(text):
			i++
			switch text[i] {
			case 'n':
				b.WriteByte('\n')
			case 't':
				b.WriteByte('\t')
			default:
				b.WriteByte(text[i])
			}
		default:
			b.WriteByte(text[i])
		}
	}
	return "", text, fmt.Errorf("string without an end")
}
