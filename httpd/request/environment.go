package request

import (
	"maps"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// environment is that of a request (subprocess_env) before SetEnv, which comes
// last of all.
type environment struct {
	variables map[string]expr.Value // that are set, or may be; written to only by who has just made it
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

// own is a copy of the environment, in which variables can be set. One that is
// made for each of them would take the square of their number.
func (e environment) own() environment {
	variables := make(map[string]expr.Value, len(e.variables)+1)
	maps.Copy(variables, e.variables)
	e.variables = variables
	return e
}
