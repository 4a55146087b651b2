package audit

import "strings"

// allowsExec tells whether Options ExecCGI is on for the request, which a
// handler needs to run a script that no alias names (wsgi_hook_handler). The
// main server's default has it not.
func (q *question) allowsExec() bool {
	allowed := false
	for _, level := range q.scope.levels() {
		for _, d := range level {
			if d.Is("Options") && !isNever(d.Unknown) {
				allowed = applyOptions(allowed, d.Words())
			}
		}
	}
	for _, layer := range q.layers() {
		for d := range layer.Directives() {
			if d.Is("Options") && !isNever(d.Unknown) {
				allowed = applyOptions(allowed, d.Words())
			}
		}
	}
	return allowed
}

// applyOptions is what one Options makes of ExecCGI: words with a sign change
// what was, words without one replace it.
func applyOptions(allowed bool, words []string) bool {
	for _, word := range words {
		name := strings.TrimLeft(word, "+-")
		sign := strings.TrimSuffix(word, name)
		names := strings.EqualFold(name, "ExecCGI") || strings.EqualFold(name, "All")
		switch {
		case sign == "" && strings.EqualFold(name, "None"):
			allowed = false
		case sign == "":
			allowed = names
		case names:
			allowed = sign == "+"
		}
		if sign == "" && names {
			return true
		}
	}
	return allowed
}
