package request

import (
	"maps"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// environment is that of a request (subprocess_env) before SetEnv, which comes
// last of all.
type environment struct {
	variables map[string]expr.Value // that are set, or may be; never written to
	isSample  bool                  // there may be any others
}

// value is the value of a variable, "" for one that is not set.
func (e environment) value(name string) expr.Value {
	value, ok := e.variables[name]
	if !ok && e.isSample {
		return expr.Value{Reason: DecidedByVariable(name)}
	}
	return value
}

// with is the environment with a variable set.
func (e environment) with(name string, value expr.Value) environment {
	variables := maps.Clone(e.variables)
	if variables == nil {
		variables = map[string]expr.Value{}
	}
	variables[name] = value
	e.variables = variables
	return e
}

// without is the environment with a variable unset.
func (e environment) without(name string) environment {
	e.variables = maps.Clone(e.variables)
	delete(e.variables, name)
	return e
}
