package audit

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/httpdconf"
)

// environment gives what %{ENV:NAME} stands for. It is known for one request
// where a plain SetEnv sets the variable and nothing that looks at requests
// does, or a rewrite rule on the way; whatever else may set it, such as Apache's own environment, is not.
func (q *question) environment(text, variable string) (name, reason string) {
	if value, ok := q.variables[variable]; ok {
		return q.environmentValue(value)
	}
	reason = fmt.Sprintf("the environment variable %s decides for each request", variable)
	if !q.client || q.view.setByRequests()[variable] {
		return text, reason
	}
	set := q.pickWhere(func(d *httpdconf.Directive) bool { return d.Is("SetEnv") && d.Word(0) == variable })
	if !set.decided || len(set.candidates) != 1 {
		return text, reason
	}
	return q.environmentValue(set.candidates[0].Word(1))
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
	case d.Is("PassEnv") || d.Is("UnsetEnv"):
	case d.Is("BrowserMatch") || d.Is("BrowserMatchNoCase") || d.Is("SetEnvIfExpr"):
		skip = 1
	case d.Is("SetEnvIf") || d.Is("SetEnvIfNoCase"):
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
