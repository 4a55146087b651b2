package wsgi

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
	"github.com/wsgictl/wsgictl/httpd/request"
)

// environment gives what %{ENV:NAME} stands for. It is known for one request
// unless a directive sets the variable that looks at more of it than a plain
// GET tells. One that nothing sets leaves the text as it stands.
func (q *wsgiRequest) environment(text, variable string) (name string, reason expr.Reason) {
	if q.isSample {
		return text, request.Unknown{Kind: request.RequestVariable, Subject: variable}
	}
	value, isSet := q.Variable(variable)
	if !isSet {
		return text, value.Reason
	}
	return q.environmentValue(value.Text)
}

// environmentValue is the name that the value of a variable gives.
func (q *wsgiRequest) environmentValue(value string) (name string, reason expr.Reason) {
	if strings.HasPrefix(value, "%") && !strings.HasPrefix(value, "%{ENV:") {
		return q.expand(value)
	}
	return value, nil
}

// GroupVariable is the environment variable that chooses the process group,
// where one does.
func (a *Application) GroupVariable() (name string, ok bool) {
	if a.Mode != Dynamic || a.DecidedBy == nil || a.DecidedBy.Is("WSGIDispatchScript") {
		return "", false
	}
	return VariableOf(a.ProcessGroup)
}
