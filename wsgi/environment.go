package wsgi

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpd/request"
)

// environment gives what %{ENV:NAME} stands for. It is known for one request
// unless a directive sets the variable that looks at more of it than a plain
// GET tells. One that nothing sets leaves the text as it stands.
func (q *wsgiRequest) environment(text, variable string) (name, reason string) {
	if q.client == nil {
		return text, request.DecidedByVariable(variable)
	}
	value, known, reason := q.client.Variable(variable)
	if reason != "" || !known {
		return text, reason
	}
	return q.environmentValue(value)
}

// environmentValue is the name that the value of a variable gives.
func (q *wsgiRequest) environmentValue(value string) (name, reason string) {
	if strings.HasPrefix(value, "%") && !strings.HasPrefix(value, "%{ENV:") {
		return q.expand(value)
	}
	return value, ""
}

// GroupVariable is the environment variable that chooses the process group,
// where one does.
func (a *Application) GroupVariable() (name string, ok bool) {
	if a.Mode != Dynamic || a.DecidedBy == nil || a.DecidedBy.Is("WSGIDispatchScript") {
		return "", false
	}
	return VariableOf(a.ProcessGroup)
}
