package audit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpdconf"
)

// environment gives what %{ENV:NAME} stands for. It is known for one request
// unless a directive sets the variable that looks at more of it than a plain
// GET tells. One that nothing sets leaves the text as it stands.
func (q *question) environment(text, variable string) (name, reason string) {
	reason = fmt.Sprintf("the environment variable %s decides for each request", variable)
	if !q.client || q.view.setByRequests()[variable] {
		return text, reason
	}
	if value, ok := q.variables[variable]; ok {
		return q.environmentValue(value)
	}
	set := q.pickWhere(func(d *httpdconf.Directive) bool {
		return d.Is("SetEnv") && d.Word(0) == variable || d.Is("UnsetEnv") && slices.Contains(d.Words(), variable)
	})
	switch {
	case len(set.candidates) > 0 && !set.decided:
		return text, set.reason
	case len(set.candidates) > 0 && set.candidates[0].Is("SetEnv"):
		return q.environmentValue(set.candidates[0].Word(1))
	}
	if value, ok := q.view.Config.Environment()[variable]; ok {
		return q.environmentValue(value)
	}
	return text, ""
}

// environmentValue is the name that the value of a variable gives.
func (q *question) environmentValue(value string) (name, reason string) {
	if strings.HasPrefix(value, "%") && !strings.HasPrefix(value, "%{ENV:") {
		return q.expand(value)
	}
	return value, ""
}

// setByRequests are the variables that directives set or unset which look at
// requests, or at Apache's own environment.
func (v *View) setByRequests() map[string]bool {
	v.requestVariablesOnce.Do(func() {
		v.requestVariables = map[string]bool{}
		for d := range v.Config.All() {
			for _, name := range requestVariables(d) {
				v.requestVariables[name] = true
			}
		}
	})
	return v.requestVariables
}

// requestVariables are the variables that one such directive sets.
func requestVariables(d *httpdconf.Directive) []string {
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
