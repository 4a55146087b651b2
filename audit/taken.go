package audit

import (
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/request"
)

// takenBy is the directive that takes each request to an alias before mod_wsgi
// is asked, or nil: one that takes some of its URLs, such as / alone, leaves the
// others to it.
func (v *View) takenBy(s *scope, alias *Alias) *conf.Directive {
	var by *conf.Directive
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
func (v *View) takes(s *scope, uri string) *conf.Directive {
	port := v.clientPort(s.Server.Server)
	if rule := s.RewrittenAway(request.Client{Host: s.Name, Port: port, HTTPS: port == 443, Path: uri}); rule != nil {
		return rule
	}
	return s.TakenBy(uri)
}

// isToHTTPS tells whether a redirect leads to the same place by TLS, as that of
// a virtual host does that is there for nothing else.
func isToHTTPS(d *conf.Directive) bool {
	return slices.ContainsFunc(d.Words(), func(word string) bool { return strings.HasPrefix(word, "https://") })
}
