package conf

import (
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// checkListen is ap_set_listener.
func checkListen(_ *reader, d *Directive) string {
	words := d.Words()
	if len(words) < 1 || len(words) > 2 {
		return "Listen requires 1 or 2 arguments."
	}
	rest := strings.TrimRight(words[0], "0123456789")
	digits := words[0][len(rest):]
	port, err := strconv.Atoi(digits)
	switch {
	case digits == "", rest != "" && !strings.HasSuffix(rest, ":"):
		return "Port must be specified"
	case err != nil, port < 1, port > 65535:
		return "Invalid address or port"
	}
	return ""
}

// checkServerName is server_hostname_port; "*", "?" and brackets are what
// apr_fnmatch_test takes for a pattern.
func checkServerName(_ *reader, d *Directive) string {
	name := d.Word(0)
	if _, after, bracket := strings.Cut(name, "["); strings.ContainsAny(name, "*?") || bracket && strings.Contains(after, "]") {
		return "Invalid ServerName \"" + name + "\" use ServerAlias to set multiple server names."
	}
	host := name
	if _, after, ok := strings.Cut(name, "://"); ok {
		host = after
	}
	if _, text, ok := strings.Cut(host, ":"); ok {
		if port := expr.LeadingNumber(text); port <= 0 || port >= 65536 {
			return "The port number \"" + name + "\" is outside the appropriate range (i.e., 1..65535)."
		}
	}
	return ""
}

// checkServerAlias is set_server_alias. A part may be meant for a virtual host.
func (r *reader) checkServerAlias(d *Directive) string {
	if r.modules.complete && d.VirtualHost() == nil {
		return "ServerAlias only used in <VirtualHost>"
	}
	return ""
}
