package request

import (
	"maps"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// environment is that of a request (subprocess_env). It is an apr_table: names count
// in any case, and there may be two values of one name, of which the first is asked for.
type environment struct {
	variables map[string]expr.Value // that are set, or may be, by their names in lower case; written to only by who has just made it
	behind    map[string]expr.Value // second values of these, which an internal redirect takes; likewise
	isSample  bool                  // there may be any others
}

// lookUp is the value of a variable; ok is false for one that is not set.
func (e environment) lookUp(name string) (value expr.Value, ok bool) {
	value, ok = e.variables[strings.ToLower(name)]
	return value, ok
}

// value is the value of a variable, "" for one that is not set.
func (e environment) value(name string) expr.Value {
	value, ok := e.lookUp(name)
	if !ok && e.isSample {
		return notKnown(RequestVariable, name)
	}
	return value
}

// own is a copy of the environment, in which variables can be set. One that is
// made for each of them would take the square of their number.
func (e environment) own() environment {
	variables, behind := make(map[string]expr.Value, len(e.variables)+1), make(map[string]expr.Value, len(e.behind))
	maps.Copy(variables, e.variables)
	maps.Copy(behind, e.behind)
	e.variables, e.behind = variables, behind
	return e
}

// set gives a variable one value (apr_table_set).
func (e environment) set(name string, value expr.Value) {
	e.unset(name)
	e.variables[strings.ToLower(name)] = value
}

// unset takes a variable away.
func (e environment) unset(name string) {
	name = strings.ToLower(name)
	delete(e.variables, name)
	delete(e.behind, name)
}

// add puts a value behind those that a variable has (apr_table_overlay).
func (e environment) add(name string, value expr.Value) {
	name = strings.ToLower(name)
	if _, ok := e.variables[name]; ok {
		e.behind[name] = value
	} else {
		e.variables[name] = value
	}
}

// over is this environment with another one behind it.
func (e environment) over(other environment) environment {
	both := e.own()
	for name := range other.variables {
		both.add(name, other.last(name))
	}
	return both
}

// last is the last value of a variable that is set, by its name in lower case.
func (e environment) last(name string) expr.Value {
	if value, ok := e.behind[name]; ok {
		return value
	}
	return e.variables[name]
}

// renamed are the variables as an internal redirect finds them (rename_original_env).
func (e environment) renamed() environment {
	next := environment{variables: make(map[string]expr.Value, len(e.variables)+1), isSample: e.isSample}
	for name := range e.variables {
		next.variables["redirect_"+name] = e.last(name)
	}
	return next
}
