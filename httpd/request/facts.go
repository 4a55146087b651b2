package request

import (
	"slices"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// facts are what httpd tells of a request at one point of its way. Expressions
// ask for them (server/util_expr_eval.c: request_var_fn and its like), and so
// does mod_rewrite (lookup_variable), by the same names.
type facts struct {
	*Settings              // at this point, of the client and the server
	filename    expr.Value // what the URI leads to so far
	info        expr.Value // PATH_INFO
	query       string     // QUERY_STRING
	environment environment
	isLookup    bool
	hasUser     bool // some client's, whose name is not known
}

// facts are those of a request whose file is known.
func (r located) facts() facts {
	return facts{
		Settings: r.Settings, filename: known(r.filename, conf.Undecided{Kind: conf.RequestedFile}), info: expr.Value{Text: r.info}, query: r.Query,
		environment: r.environment, isLookup: r.isLookup(), hasUser: r.hasUser,
	}
}

// headerVariables are the variables that are headers of the request.
var headerVariables = map[string]string{
	"HTTP_USER_AGENT": "User-Agent", "HTTP_PROXY_CONNECTION": "Proxy-Connection", "HTTP_REFERER": "Referer", "HTTP_COOKIE": "Cookie",
	"HTTP_FORWARDED": "Forwarded", "HTTP_HOST": "Host", "HTTP_ACCEPT": "Accept",
}

// whileRunning are the variables of expressions and of mod_rewrite that a
// running server alone can tell.
var whileRunning = []string{
	"API_VERSION", "CONN_REMOTE_ADDR", "CONTEXT_DOCUMENT_ROOT", "CONTEXT_PREFIX", "IPV6", "REMOTE_ADDR", "REMOTE_HOST", "REMOTE_PORT", "SCRIPT_GROUP",
	"SCRIPT_USER", "SERVER_ADDR", "SERVER_ADMIN", "SERVER_SOFTWARE", "TIME", "TIME_DAY", "TIME_HOUR", "TIME_MIN", "TIME_MON", "TIME_SEC", "TIME_WDAY", "TIME_YEAR",
}

// Variable is the value of a variable of an expression. Modules have more of
// them than there are here, and there are some for expressions alone.
func (f facts) Variable(name string) expr.Value {
	if value, ok := f.lookUp(name); ok {
		return value
	}
	return notKnown(ServerVariable, name)
}

func notKnown(kind UnknownKind, subject string) expr.Value {
	return expr.Value{Reason: Unknown{Kind: kind, Subject: subject}}
}

// lookUp is the value of a variable that expressions and mod_rewrite both have;
// ok is false for all others.
func (f facts) lookUp(name string) (value expr.Value, ok bool) {
	if f.Request.Extent != conf.One {
		if value, ok := f.ofMany(name); ok {
			return value, true
		}
	}
	switch name {
	case "REQUEST_URI":
		return known(f.Request.URI, conf.Undecided{Kind: conf.RequestedURL}), true
	case "QUERY_STRING":
		return expr.Value{Text: f.query}, true
	case "REQUEST_FILENAME", "SCRIPT_FILENAME":
		return f.filename, true
	case "PATH_INFO":
		return f.info, true
	case "DOCUMENT_ROOT":
		return known(f.Server.DocumentRoot(), Unknown{Kind: DocumentRoot}), true
	case "SERVER_NAME":
		name := f.serverName()
		name.Text = bracketed(name.Text)
		return name, true
	case "SERVER_PORT":
		return f.serverPort(), true
	case "HTTPS":
		return f.ofScheme("on", "off"), true
	case "REQUEST_SCHEME":
		return f.ofScheme("https", "http"), true
	case "REQUEST_METHOD":
		return expr.Value{Text: "GET"}, true
	case "SERVER_PROTOCOL":
		return expr.Value{Text: "HTTP/1.1"}, true
	case "THE_REQUEST":
		return known(f.Client.requestLine(), conf.Undecided{Kind: conf.RequestedURL}), true
	case "IS_SUBREQ":
		return expr.Value{Text: strconv.FormatBool(f.isLookup)}, true
	case "REMOTE_USER", "AUTH_TYPE":
		if f.hasUser {
			return notKnown(ServerVariable, name), true
		}
		return expr.Value{}, true
	case "REMOTE_IDENT":
		return expr.Value{}, true
	}
	if header, ok := headerVariables[name]; ok {
		return f.header(header), true
	}
	if slices.Contains(whileRunning, name) {
		return notKnown(ServerVariable, name), true
	}
	return expr.Value{}, false
}

// ofMany is the value of a variable that many requests have each its own of.
func (f facts) ofMany(name string) (value expr.Value, ok bool) {
	switch name {
	case "REQUEST_URI":
		start := f.Request.URIs()
		return expr.Value{Reason: conf.Undecided{Kind: conf.RequestedURL}, Start: &start}, true
	case "REQUEST_FILENAME", "SCRIPT_FILENAME":
		start, areMany := f.Request.Files()
		return expr.Value{Reason: conf.Undecided{Kind: conf.RequestedFile}, Start: &start}, areMany
	case "QUERY_STRING", "THE_REQUEST", "REQUEST_METHOD", "SERVER_PROTOCOL", "IS_SUBREQ", "REMOTE_USER", "AUTH_TYPE", "REMOTE_IDENT":
		return notKnown(RequestDetail, name), true
	case "HTTP_HOST":
		return expr.Value{Reason: Unknown{Kind: HostHeader}}, true
	case "SERVER_NAME":
		if canonical, reason := f.canonicalName(); canonical != "on" || reason != nil {
			return expr.Value{Reason: Unknown{Kind: ServerName}}, true
		}
	}
	return expr.Value{}, false
}

// known is the value of what is not empty where it is known.
func known(text string, reason expr.Reason) expr.Value {
	if text == "" {
		return expr.Value{Reason: reason}
	}
	return expr.Value{Text: text}
}

// serverPort is the port that the request was sent to (ap_get_server_port).
func (f facts) serverPort() expr.Value {
	port := f.ServerPort()
	switch {
	case port != 0:
		return expr.Value{Text: strconv.Itoa(port)}
	case f.Client.Host == "":
		return expr.Value{Reason: Unknown{Kind: Port}}
	}
	return f.ofScheme("443", "80")
}

// ofScheme is one of two texts by whether the request comes in over TLS.
func (f facts) ofScheme(https, http string) expr.Value {
	switch f.Client.HTTPS {
	case expr.True:
		return expr.Value{Text: https}
	case expr.False:
		return expr.Value{Text: http}
	}
	return expr.Value{Reason: Unknown{Kind: OverTLS}}
}

// header is a header of the request.
func (f facts) header(name string) expr.Value {
	if strings.EqualFold(name, "Host") && f.Request.Extent == conf.One {
		return known(f.Client.hostHeader(), Unknown{Kind: HostHeader})
	}
	return notKnown(ClientHeader, name)
}
