package conf

import (
	"cmp"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// maxValue is how long a text of several parts may become: as long as httpd lets
// what it puts together of the groups of a match (server/util.c:
// AP_PREGSUB_MAXLEN).
const maxValue = 64 << 10

func (l literal) value(*evaluation) text { return text{value: string(l)} }

func (b backRef) value(e *evaluation) text {
	if int(b) < len(e.groups) {
		return text{value: e.groups[b]}
	}
	return text{}
}

func (c concat) value(e *evaluation) text {
	var joined strings.Builder
	for _, part := range c {
		value := part.value(e)
		switch {
		case value.reason != "":
			return value
		case joined.Len()+len(value.value) > maxValue:
			return text{reason: fmt.Sprintf("a text of it becomes longer than %d KiB", maxValue>>10)}
		}
		joined.WriteString(value.value)
	}
	return text{value: joined.String()}
}

// value of a variable (server/util_expr_eval.c: request_var_fn and its like).
func (v variable) value(e *evaluation) text {
	q := e.request
	switch v {
	case "HTTP_HOST":
		return known(e.hostHeader(), q.Host != "", "the Host header is not known")
	case "SERVER_NAME":
		return e.serverName()
	case "SERVER_PORT":
		return known(strconv.Itoa(q.Port), q.Port != 0, "the port is not known")
	case "REQUEST_METHOD":
		return text{value: q.method()}
	case "REQUEST_URI":
		return known(q.URI, q.URI != "", "the URL is not known")
	case "QUERY_STRING":
		return text{value: q.Query}
	case "REQUEST_FILENAME", "SCRIPT_FILENAME":
		return known(q.File, q.File != "", "which file the request leads to is not known")
	case "DOCUMENT_ROOT":
		return e.documentRoot()
	case "HTTPS":
		return known(map[Truth]string{True: "on", False: "off"}[q.HTTPS], q.HTTPS != Unknown, "whether it comes in over TLS is not known")
	case "REQUEST_SCHEME":
		return known(map[Truth]string{True: "https", False: "http"}[q.HTTPS], q.HTTPS != Unknown, "whether it comes in over TLS is not known")
	case "IS_SUBREQ":
		return text{value: "false"}
	}
	if header, ok := strings.CutPrefix(string(v), "HTTP_"); ok {
		return e.header(strings.ReplaceAll(header, "_", "-"))
	}
	return text{reason: fmt.Sprintf("%%{%s} is known only while the server runs", string(v))}
}

// known is value, or the reason why it is not known.
func known(value string, isKnown bool, reason string) text {
	if !isKnown {
		return text{reason: reason}
	}
	return text{value: value}
}

// hostHeader is the Host header as a client sends it: with the port, unless it
// is the usual one.
func (e *evaluation) hostHeader() string {
	q := e.request
	usual := 80
	if q.HTTPS == True {
		usual = 443
	}
	if q.Port == 0 || q.Port == usual {
		return q.Host
	}
	return q.Host + ":" + strconv.Itoa(q.Port)
}

// serverName is the name that the request was sent to, or with
// UseCanonicalName that of the server (ap_get_server_name).
func (e *evaluation) serverName() text {
	canonical := e.ownSetting(func(s *Server) string { return s.ownValues().canonical })
	if e.request.Host != "" && (canonical == "" || strings.EqualFold(canonical, "off")) {
		return text{value: strings.ToLower(e.request.Host)}
	}
	return known(e.server.Name, e.server.Name != "", "the server's name is not known")
}

func (e *evaluation) documentRoot() text {
	root := e.ownSetting(func(s *Server) string { return s.ownValues().root })
	return known(root, root != "", "the DocumentRoot is not known")
}

// ownSetting is a setting of the virtual host, or else of the main server.
func (e *evaluation) ownSetting(of func(*Server) string) string {
	return cmp.Or(of(e.server), of(e.server.Config.Main()))
}

// header is a header of the request.
func (e *evaluation) header(name string) text {
	if strings.EqualFold(name, "Host") {
		return variable("HTTP_HOST").value(e)
	}
	if e.request.Headers == nil {
		return text{reason: fmt.Sprintf("it depends on the client's header %s", name)}
	}
	for header, value := range e.request.Headers {
		if strings.EqualFold(header, name) {
			return text{value: value}
		}
	}
	return text{}
}

func (c callString) value(e *evaluation) text {
	argument := c.argument.value(e)
	if argument.reason != "" {
		return argument
	}
	switch c.function {
	case "req", "http", "req_novary":
		return e.header(argument.value)
	case "osenv":
		return text{value: e.server.Config.environment[argument.value]}
	case "tolower":
		return text{value: strings.ToLower(argument.value)}
	case "toupper":
		return text{value: strings.ToUpper(argument.value)}
	case "unescape":
		if unescaped, err := url.PathUnescape(argument.value); err == nil {
			return text{value: unescaped}
		}
	}
	return text{reason: fmt.Sprintf("what %s:%s gives is known only while the server runs", c.function, argument.value)}
}

// matchNetwork is the operator -ipmatch: an address, or one with a prefix
// length or a mask.
func matchNetwork(address, network string) answer {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return answer{Unknown, fmt.Sprintf("%s is no IP address", address)}
	}
	if prefix, err := netip.ParsePrefix(network); err == nil {
		return answer{truth: TruthOf(prefix.Contains(ip))}
	}
	if other, err := netip.ParseAddr(network); err == nil {
		return answer{truth: TruthOf(ip == other)}
	}
	return answer{Unknown, fmt.Sprintf("the network %s is not understood", network)}
}
