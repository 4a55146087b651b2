package request

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// changeTo takes over what a rule leads to.
func (r *rewriting) changeTo(target string, rule *rule) {
	r.leading = rule
	added := !strings.HasPrefix(target, "/") && !isAbsoluteURI(target)
	if added && r.folder != "" {
		target = r.folder + target
	} else if added {
		target = "/" + target
	}
	if rule.flags.has("DPI", "discardpath") {
		r.info = ""
	}
	if target = r.splitQuery(target, rule.flags); r.isTooLong(target) {
		r.isEndless()
		return
	}
	if r.taken = rule.flags.has("P", "proxy") || rule.flags.has("R", "redirect"); r.taken {
		return
	}
	if own, ok := r.withoutOwnHost(target); ok {
		target, r.reduced = own, true
	}
	if r.taken = isAbsoluteURI(target); r.taken {
		return
	}
	if literal := strings.HasPrefix(rule.target, "//"); !added && !literal && !rule.flags.has("UNC", "UNC") {
		target = "/" + strings.TrimLeft(target, "/")
	}
	r.filename, r.changed = target, true
	r.passed = rule.flags.has("PT", "passthrough")
}

// splitQuery takes the query off what a rule leads to (splitout_queryargs).
func (r *rewriting) splitQuery(target string, flags flags) string {
	if flags.has("QSD", "qsdiscard") {
		r.query = ""
	}
	at := strings.IndexByte(target, '?')
	if flags.has("QSL", "qslast") {
		at = strings.LastIndexByte(target, '?')
	}
	if at < 0 {
		return target
	}
	own := target[at+1:]
	switch {
	case !flags.has("QSA", "qsappend"):
		r.query = own
	case own != "":
		r.query = own + "&" + r.query
	}
	r.query = strings.TrimSuffix(r.query, "&")
	return target[:at]
}

// withoutOwnHost takes the server's own name off a URL (reduce_uri).
func (r *rewriting) withoutOwnHost(target string) (path string, ok bool) {
	scheme, rest, ok := strings.Cut(target, "://")
	if !ok || !strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "https") {
		return "", false
	}
	https := strings.EqualFold(scheme, "https")
	if r.client.HTTPS != expr.TruthOf(https) {
		return "", false
	}
	authority, rest, _ := strings.Cut(rest, "/")
	host, port, named := strings.Cut(authority, ":")
	if !named {
		port = map[bool]string{false: "80", true: "443"}[https]
	}
	return "/" + rest, r.server.isCalled(host, port)
}

// isCalled tells whether a name and port are those of the server itself: of its
// <VirtualHost> line, or with the port of its ServerName
// (ap_matches_request_vhost).
func (s *Server) isCalled(host, port string) bool {
	for _, address := range s.Addresses {
		if strings.EqualFold(address.Host, host) && (address.Port == 0 || fmt.Sprint(address.Port) == port) {
			return true
		}
	}
	return fmt.Sprint(s.Port) == port && s.HasName(host)
}

// isAbsoluteURI tells a URL with one of the schemes that mod_rewrite knows.
func isAbsoluteURI(target string) bool {
	scheme, _, ok := strings.Cut(target, ":")
	if !ok {
		return false
	}
	switch strings.ToLower(scheme) {
	case "ajp", "balancer", "ftp", "fcgi", "gopher", "http", "https", "h2", "h2c", "ldap", "nntp", "scgi", "ws", "wss":
		return strings.HasPrefix(target[len(scheme):], "://")
	case "mailto", "news", "unix":
		return true
	}
	return false
}
