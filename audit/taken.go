package audit

import (
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpdconf"
)

// takenBy is the directive that takes each request to an alias before mod_wsgi
// is asked, or nil: one that takes some of its URLs, such as / alone, leaves the
// others to it.
func (v *View) takenBy(s *scope, alias *Alias) *httpdconf.Directive {
	var by *httpdconf.Directive
	for i, uri := range samplesBelow(alias.URL) {
		taken := v.takes(s, uri)
		if taken == nil || i > 0 && taken != by {
			return nil
		}
		by = taken
	}
	return by
}

// samplesBelow are the URL of an alias and others below it, with names that no
// pattern is about.
func samplesBelow(url string) []string {
	folder := strings.TrimSuffix(url, "/")
	return []string{url, folder + "/q7", folder + "/q7/z9.x8"}
}

// takes is the directive that takes a URL before mod_wsgi: of mod_rewrite,
// mod_proxy or mod_alias, in this order.
func (v *View) takes(s *scope, uri string) *httpdconf.Directive {
	if rule := v.rewrittenAway(s, uri); rule != nil {
		return rule
	}
	if d := s.proxied(uri); d != nil {
		return d
	}
	if d := s.redirected(uri); d != nil {
		return d
	}
	d, _ := s.aliased(uri)
	return d
}

// rewrittenAway is the RewriteRule that redirects or refuses a URL of the server,
// whatever else the request says, or nil.
func (v *View) rewrittenAway(s *scope, uri string) *httpdconf.Directive {
	if !v.has("RewriteRule") {
		return nil
	}
	port := v.clientPort(s.server)
	q := &question{
		view: v, scope: s, given: s.given(), asked: address{host: s.server.Name, port: port, https: port == 443, path: uri},
		request: httpdconf.Request{URI: uri, Host: s.server.Name, Port: port, HTTPS: truth(port == 443)}, visits: new(int),
	}
	r := q.rewriteServer()
	if !r.taken || q.doubts != "" {
		return nil
	}
	for _, rule := range q.serverRules() {
		if rule.Directive == r.by && !slices.ContainsFunc(rule.conditions, isAboutRequest) {
			return r.by
		}
	}
	return nil
}

// isAboutRequest tells whether a RewriteCond asks for something else than
// whether the connection is one of TLS, which the port of the server tells.
func isAboutRequest(condition *httpdconf.Directive) bool {
	switch strings.ToUpper(condition.Word(0)) {
	case "%{HTTPS}", "%{SERVER_PORT}", "%{REQUEST_SCHEME}":
		return false
	}
	return true
}

// isToHTTPS tells whether a redirect leads to the same place by TLS, as that of
// a virtual host does that is there for nothing else.
func isToHTTPS(d *httpdconf.Directive) bool {
	return slices.ContainsFunc(d.Words(), func(word string) bool { return strings.HasPrefix(word, "https://") })
}
