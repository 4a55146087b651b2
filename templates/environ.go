package templates

import (
	"fmt"
	"strings"
)

// Environ declares what requests bring along in their environ. The tags are its
// keys in wsgictl.toml and the flags of render and start-server.
type Environ struct {
	Setenv  []Variable `toml:"setenv" sep:"none" placeholder:"KEY VALUE" help:"Add a variable to the environ of each request."`
	Passenv []string   `toml:"passenv" sep:"none" placeholder:"KEY" help:"Pass a variable of Apache's environment to the environ of each request."`
}

// A Variable is one of the environ.
type Variable struct {
	Key   string `toml:"key"`
	Value string `toml:"value"`
}

func (e Environ) modules() []string {
	if len(e.Setenv)+len(e.Passenv) > 0 {
		return []string{"env"}
	}
	return nil
}

// check reports names that no variable has, and variables with two values.
func (e Environ) check() error {
	values := map[string]string{}
	for _, variable := range e.Setenv {
		if !isVariable(variable.Key) {
			return fmt.Errorf("setenv %q: want the name of a variable", variable.Key)
		}
		if other, twice := values[variable.Key]; twice {
			return fmt.Errorf("setenv %s: given twice, as %q and %q; a variable has one value", variable.Key, other, variable.Value)
		}
		values[variable.Key] = variable.Value
	}
	for _, key := range e.Passenv {
		if !isVariable(key) {
			return fmt.Errorf("passenv %q: want the name of a variable", key)
		}
	}
	return nil
}

func isVariable(key string) bool { return key != "" && !strings.ContainsAny(key, "= \t\n") }
