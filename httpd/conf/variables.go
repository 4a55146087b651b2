package conf

import (
	"cmp"
	"maps"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// variables are what ${NAME} and IfDefine know (server/core.c: set_define,
// unset_define, ap_resolve_env). IfDefine compares names exactly; the values
// are in an apr_table, which does not look at case; the environment does.
type variables struct {
	defined     map[string]expr.Truth
	values      map[string]string // names in lower case
	environment map[string]string
}

func newVariables(defines []Define, environment map[string]string) variables {
	v := variables{defined: map[string]expr.Truth{}, values: map[string]string{}, environment: environment}
	for _, define := range defines {
		v.defined[define.Name] = expr.True
		if define.HasValue {
			v.values[strings.ToLower(define.Name)] = define.Value
		}
	}
	return v
}

func (v *variables) clone() variables {
	return variables{maps.Clone(v.defined), maps.Clone(v.values), v.environment}
}

// define is the directive Define; certain is False inside a condition that was
// not decided.
func (v *variables) define(name string, value *string, certain expr.Truth) {
	v.defined[name] = max(v.defined[name], certain)
	if value != nil {
		v.values[strings.ToLower(name)] = *value
	}
}

// undefine is the directive UnDefine. Where it is not certain that it takes
// place, the variable keeps its value, and whether it is defined is unknown.
func (v *variables) undefine(name string, certain expr.Truth) {
	if certain != expr.True {
		v.defined[name] = min(v.defined[name], expr.Unknown)
		return
	}
	delete(v.defined, name)
	delete(v.values, strings.ToLower(name))
}

// resolve replaces the variables of a line.
func (r *reader) resolve(l line) (text, missing string) {
	if r.stream.isPlain || !strings.Contains(l.text, "${") {
		return l.text, ""
	}
	text, missing, fits := r.variables.resolve(l.text, r.budget.left(), r.options.Scope != Whole)
	if !fits {
		r.stopGrowing(r.place(l), "variable", missing)
	}
	r.budget.grown += max(0, len(text)-len(l.text))
	return text, missing
}

// resolve replaces each ${NAME} of text, which may grow by room bytes. One that
// has no value stays as it is, and is missing: the first such name. With hidden
// it becomes a mark, since the server may have a value for it. Where the
// text does not fit, missing is the name whose value was too long.
func (v *variables) resolve(text string, room int, hidden bool) (resolved, missing string, fits bool) {
	var out strings.Builder
	for {
		start := strings.Index(text, "${")
		if start < 0 {
			break
		}
		length := strings.IndexByte(text[start:], '}')
		if length < 0 {
			break
		}
		name := text[start+len("${") : start+length]
		out.WriteString(text[:start])
		if value, ok := v.value(name); ok {
			if room -= len(value) - length - 1; room < 0 {
				return text, name, false
			}
			out.WriteString(value)
		} else {
			written := text[start : start+length+1]
			if !strings.Contains(name, ":") {
				missing = cmp.Or(missing, name)
				if hidden && room > len(hiddenStart)*2*len(written) {
					written = hide(written)
					room -= len(written) - length - 1
				}
			}
			out.WriteString(written)
		}
		text = text[start+length+1:]
	}
	out.WriteString(text)
	return out.String(), missing, true
}

func (v *variables) value(name string) (string, bool) {
	if value, ok := v.values[strings.ToLower(name)]; ok {
		return value, true
	}
	value, ok := v.environment[name]
	return value, ok
}
