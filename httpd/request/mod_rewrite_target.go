package request

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// changeTo takes over what a rule leads to. It is true where that is a path of this
// server.
func (r *rewriting) changeTo(target string, rule *rule) (isPath bool) {
	r.leading, r.changed, r.noEscape = rule, true, rule.flags.has("NE", "noescape")
	isAdded := !strings.HasPrefix(target, "/") && !isAbsoluteURI(target)
	if isAdded {
		target = cmp.Or(r.folder, "/") + target
	}
	if rule.flags.has("DPI", "discardpath") {
		r.info = ""
	}
	r.filename = r.splitQuery(target, rule)
	isPath = r.leadTo(rule, isAdded)
	if r.isTooLong(r.filename) {
		r.isEndless()
	}
	r.pass(rule)
	return isPath
}

// leadTo makes the URL of another server, of a proxy or of a redirect of the new name
// where the rule says so. The rules that follow go on with that.
func (r *rewriting) leadTo(rule *rule, isAdded bool) (isPath bool) {
	r.proxied = rule.flags.has("P", "proxy")
	switch {
	case r.proxied:
		return false
	case rule.flags.has("R", "redirect"):
		r.qualify()
		r.ledBy = redirecting{rule.flags.status(), rule.Directive}
		return false
	}
	if own, ok := r.withoutOwnHost(r.filename); ok {
		r.filename, r.reduced = own, true
	}
	if isAbsoluteURI(r.filename) {
		r.ledBy = redirecting{rule.flags.status(), rule.Directive}
		return false
	}
	if literal := strings.HasPrefix(rule.target, "//"); !isAdded && !literal && !rule.flags.has("UNC", "UNC") {
		r.filename = "/" + strings.TrimLeft(r.filename, "/")
	}
	return true
}

// qualify puts scheme, name and port of the server before the name
// (fully_qualify_uri). Where these are not known the redirect is taken for the last
// word.
func (r *rewriting) qualify() {
	if isAbsoluteURI(r.filename) {
		return
	}
	f := r.facts()
	scheme, name, port := f.ofScheme("https", "http"), f.serverName(), f.serverPort()
	r.taken = scheme.Reason != nil || name.Reason != nil || port.Reason != nil
	host := bracketed(name.Text)
	if usual := f.ofScheme("443", "80"); port.Text != usual.Text {
		host += ":" + port.Text
	}
	r.filename = scheme.Text + "://" + host + "/" + strings.TrimPrefix(r.filename, "/")
}

// pass hands the name on to the modules that follow, where the rule says so.
func (r *rewriting) pass(rule *rule) {
	r.passed = rule.flags.has("PT", "passthrough")
	r.changed = r.changed || r.passed
	r.noEscape = r.noEscape && !r.passed
}

// splitQuery takes the query off what a rule leads to (splitout_queryargs).
func (r *rewriting) splitQuery(target string, rule *rule) string {
	flags := rule.flags
	switch hasMark := strings.HasSuffix(rule.target, "?"); {
	case hasMark && flags.has("QSA", "qsappend"):
		flags = append(slices.Clone(flags), "QSL")
	case hasMark:
		r.query = ""
		return strings.TrimSuffix(target, "?")
	case flags.has("QSD", "qsdiscard") && !strings.Contains(rule.target, "?"):
		r.query = ""
		return target
	}
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
