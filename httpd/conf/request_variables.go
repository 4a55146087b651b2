package conf

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// Decide evaluates an expression (ap_expr) of a directive such as RewriteCond
// for a request to the server. One that is not understood is Unknown.
func (s *Server) Decide(expression string, q Request) expr.Decision {
	parsed, err := expr.Parse(expression, s.Config.regexps)
	if err != nil {
		return expr.Decision{Truth: expr.Unknown, Reason: err.Error()}
	}
	return parsed.Decide(requestVariables{s, &q})
}

// evaluate decides the condition of a section.
func (w *walker) evaluate(s *section) (expr.Truth, string) {
	switch {
	case s.test.problem != "":
		return expr.Unknown, s.test.problem
	case s.test.condition == nil: // of <Else>
		return expr.True, ""
	}
	decision := s.test.condition.Decide(requestVariables{w.server, w.request})
	return decision.Truth, decision.Reason
}

// requestVariables are what an expression may ask of a request to a server.
type requestVariables struct {
	server  *Server
	request *Request
}

// Variable is the value of a variable (server/util_expr_eval.c: request_var_fn and its like).
func (v requestVariables) Variable(name string) expr.Value {
	q := v.request
	switch name {
	case "HTTP_HOST":
		return known(v.hostHeader(), q.Host != "", "the Host header is not known")
	case "SERVER_NAME":
		return v.serverName()
	case "SERVER_PORT":
		return known(strconv.Itoa(q.Port), q.Port != 0, "the port is not known")
	case "REQUEST_METHOD":
		return expr.Value{Text: q.method()}
	case "REQUEST_URI":
		return known(q.URI, q.URI != "", "the URL is not known")
	case "QUERY_STRING":
		return expr.Value{Text: q.Query}
	case "REQUEST_FILENAME", "SCRIPT_FILENAME":
		return known(q.File, q.File != "", "which file the request leads to is not known")
	case "DOCUMENT_ROOT":
		return v.documentRoot()
	case "HTTPS":
		return known(map[expr.Truth]string{expr.True: "on", expr.False: "off"}[q.HTTPS], q.HTTPS != expr.Unknown, "whether it comes in over TLS is not known")
	case "REQUEST_SCHEME":
		return known(map[expr.Truth]string{expr.True: "https", expr.False: "http"}[q.HTTPS], q.HTTPS != expr.Unknown, "whether it comes in over TLS is not known")
	case "IS_SUBREQ":
		return expr.Value{Text: "false"}
	}
	if header, ok := strings.CutPrefix(name, "HTTP_"); ok {
		return v.header(strings.ReplaceAll(header, "_", "-"))
	}
	return expr.Value{Reason: fmt.Sprintf("%%{%s} is known only while the server runs", name)}
}

// known is value, or the reason why it is not known.
func known(value string, isKnown bool, reason string) expr.Value {
	if !isKnown {
		return expr.Value{Reason: reason}
	}
	return expr.Value{Text: value}
}

// hostHeader is the Host header as a client sends it: with the port, unless it
// is the usual one.
func (v requestVariables) hostHeader() string {
	q := v.request
	usual := 80
	if q.HTTPS == expr.True {
		usual = 443
	}
	if q.Port == 0 || q.Port == usual {
		return q.Host
	}
	return q.Host + ":" + strconv.Itoa(q.Port)
}

// serverName is the name that the request was sent to, or with
// UseCanonicalName that of the server (ap_get_server_name).
func (v requestVariables) serverName() expr.Value {
	canonical := v.ownSetting(func(s *Server) string { return s.ownValues().canonical })
	if v.request.Host != "" && (canonical == "" || strings.EqualFold(canonical, "off")) {
		return expr.Value{Text: strings.ToLower(v.request.Host)}
	}
	return known(v.server.Name, v.server.Name != "", "the server's name is not known")
}

func (v requestVariables) documentRoot() expr.Value {
	root := v.ownSetting(func(s *Server) string { return s.ownValues().root })
	return known(root, root != "", "the DocumentRoot is not known")
}

// ownSetting is a setting of the virtual host, or else of the main server.
func (v requestVariables) ownSetting(of func(*Server) string) string {
	return cmp.Or(of(v.server), of(v.server.Config.Main()))
}

// header is a header of the request.
func (v requestVariables) header(name string) expr.Value {
	if strings.EqualFold(name, "Host") {
		return v.Variable("HTTP_HOST")
	}
	if v.request.Headers == nil {
		return expr.Value{Reason: fmt.Sprintf("it depends on the client's header %s", name)}
	}
	for header, value := range v.request.Headers {
		if strings.EqualFold(header, name) {
			return expr.Value{Text: value}
		}
	}
	return expr.Value{}
}

// Call is what a function gives (string_func of server/util_expr_eval.c).
func (v requestVariables) Call(function, argument string) expr.Value {
	switch function {
	case "req", "http", "req_novary":
		return v.header(argument)
	case "osenv":
		return expr.Value{Text: v.server.Config.environment[argument]}
	}
	return expr.Value{Reason: fmt.Sprintf("what %s:%s gives is known only while the server runs", function, argument)}
}

// Test is the answer of an operator about the client or a file.
func (v requestVariables) Test(operator, word string) (expr.Truth, string) {
	switch files := v.server.Config.files; operator {
	case "R":
		return expr.Unknown, "the client's address is not known"
	case "e":
		return v.testFile(word, files.exists)
	case "d":
		return v.testFile(word, files.isFolder)
	case "f":
		return v.testFile(word, files.isFile)
	}
	return expr.Unknown, fmt.Sprintf("what -%s tells is known only while the server runs", operator)
}

// testFile tests for a file; one that is not here may be on the server when the
// text is only a part of its configuration.
func (v requestVariables) testFile(name string, test func(string) bool) (expr.Truth, string) {
	if test(name) {
		return expr.True, ""
	}
	if c := v.server.Config; !c.Complete || c.IsOfAnotherHost() {
		return expr.Unknown, fmt.Sprintf("whether the server has %s is not known", name)
	}
	return expr.False, ""
}
