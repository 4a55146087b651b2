package request

import (
	"fmt"
	"slices"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// Variable is the value of an environment variable of the request, as SetEnv,
// SetEnvIf and rewrite rules leave it, else that of httpd's own process. set is
// false where nothing sets it. It is not known, for the reason, where more of a
// request decides than a plain GET tells.
func (h *Handled) Variable(name string) (value string, set bool, reason string) {
	if value, ok := h.environment.variables[name]; ok {
		return value.Text, value.Reason == "", value.Reason
	}
	found := h.Settings.PickWhere(func(d *conf.Directive) bool {
		return d.Is("SetEnv") && d.Word(0) == name || (d.Is("UnsetEnv") || d.Is("PassEnv")) && slices.Contains(d.Words(), name)
	}, "SetEnv", "UnsetEnv", "PassEnv")
	switch d := found.Certain(); {
	case found.Doubt != nil:
		return "", false, found.Doubt.Reason
	case d != nil && d.Is("SetEnv"):
		return d.Word(1), true, ""
	}
	return h.Settings.Server.Httpd.processVariable(name)
}

// processVariable is a variable of httpd's own process. What PassEnv names is in
// it, although nothing here may tell its value.
func (h *Httpd) processVariable(name string) (value string, set bool, reason string) {
	if value, set = h.Config.Environment()[name]; set {
		return value, true, ""
	}
	for d := range h.Config.Named("PassEnv") {
		if slices.Contains(d.Words(), name) {
			return "", false, fmt.Sprintf("what %s is in the environment that Apache starts in is not known", name)
		}
	}
	return "", false, ""
}

// DecidedByVariable is the reason where a variable is not known.
func DecidedByVariable(name string) string {
	return fmt.Sprintf("the environment variable %s decides for each request", name)
}
