package request

import (
	"strconv"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// environment is that of a request (subprocess_env) before SetEnv, which comes
// last of all.
type environment struct {
	httpd     *Httpd            // nil where nothing of it is known
	variables map[string]string // that rules and SetEnvIf have set
	status    string            // REDIRECT_STATUS
}

// environment is what is set so far.
func (q question) environment() environment {
	e := environment{httpd: q.server.Httpd, variables: q.variables}
	switch {
	case q.redirects == 0 || q.isLookup:
	case q.died != 0:
		e.status = strconv.Itoa(q.died)
	default:
		e.status = "200"
	}
	return e
}

// ofRequest is the value of a variable, "" for one that is not set.
func (e environment) ofRequest(name string) expr.Value {
	if value, ok := e.variables[name]; ok {
		return expr.Value{Text: value}
	}
	switch name {
	case "REDIRECT_STATUS":
		return expr.Value{Text: e.status}
	case "HTTPS", "SSL_TLS_SNI", "proxy-nokeepalive":
		return expr.Value{}
	}
	if e.httpd == nil || e.httpd.setByRequests()[name] {
		return expr.Value{Reason: DecidedByVariable(name)}
	}
	return expr.Value{}
}
