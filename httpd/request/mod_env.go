package request

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// Variable is the value of an environment variable of the request, as SetEnv,
// SetEnvIf and rewrite rules leave it, else that of httpd's own process. set is
// false where nothing sets it. It is not known, for the reason, where a
// directive sets it that looks at more of a request than a plain GET tells.
func (h *Handled) Variable(name string) (value string, set bool, reason string) {
	httpd := h.Settings.Server.Httpd
	if httpd.setByRequests()[name] {
		return "", false, DecidedByVariable(name)
	}
	if value, ok := h.variables[name]; ok {
		return value, true, ""
	}
	found := h.Settings.PickWhere(func(d *conf.Directive) bool {
		return d.Is("SetEnv") && d.Word(0) == name || d.Is("UnsetEnv") && slices.Contains(d.Words(), name)
	}, "SetEnv", "UnsetEnv")
	switch d := found.Likely(); {
	case d != nil && !found.Decided:
		return "", false, found.Reason
	case d != nil && d.Is("SetEnv"):
		return d.Word(1), true, ""
	}
	value, set = httpd.Config.Environment()[name]
	return value, set, ""
}

// DecidedByVariable is the reason where a variable is not known.
func DecidedByVariable(name string) string {
	return fmt.Sprintf("the environment variable %s decides for each request", name)
}

// setByRequests are the variables that directives set or unset which look at
// requests, or at Apache's own environment.
func (h *Httpd) setByRequests() map[string]bool {
	h.fromRequestsOnce.Do(func() {
		h.fromRequests = map[string]bool{}
		for d := range h.Config.All() {
			for _, name := range requestVariables(d) {
				h.fromRequests[name] = true
			}
		}
	})
	return h.fromRequests
}

// requestVariables are the variables that one such directive sets.
func requestVariables(d *conf.Directive) []string {
	skip := 0
	switch {
	case d.Is("PassEnv"):
	case d.Is("BrowserMatch") || d.Is("BrowserMatchNoCase") || d.Is("SetEnvIfExpr"):
		skip = 1
	case (d.Is("SetEnvIf") || d.Is("SetEnvIfNoCase")) && !isDecided(d):
		skip = 2
	default:
		return nil
	}
	words := d.Words()
	var names []string
	for _, word := range words[min(skip, len(words)):] {
		name, _, _ := strings.Cut(strings.TrimPrefix(word, "!"), "=")
		names = append(names, name)
	}
	return names
}
