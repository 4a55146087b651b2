package request

import (
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// proxied is the ProxyPass that takes the URI: that of a Location, or the first
// of the server that fits. "!" leaves the URI alone (proxy_trans).
func (s *Server) proxied(early *Settings, uri string, assume Assume) *conf.Directive {
	if d := early.own(isOwnProxy, assume, takerNames[proxyTaker]...); d != nil && s.proxiesLocation(d, uri, assume) {
		return unlessExcluded(d, 0)
	}
	for d := range s.taking(proxyTaker, uri, assume) {
		return unlessExcluded(d, 1)
	}
	return nil
}

// throughProxy is the request that a proxy is to answer: no file is looked for, but who
// is let in, and what sections redirect, comes first.
func (t translated) throughProxy() (located, *death) {
	r := located{translated: t, kind: missing}
	r.received, r.Settings = r.earlySettings()
	r.received = r.setEnvIfInside()
	r, died := r.checkAccess()
	if died != nil {
		return r, died
	}
	if d := r.redirectInside(); d != nil {
		return r, r.endBy(d, redirectStatus(d))
	}
	return r, r.endBy(t.taken, 0)
}

// isOwnProxy tells a ProxyPass without a URL path, which is for all that the
// section is for that it stands in.
func isOwnProxy(d *conf.Directive) bool {
	return (d.Is("ProxyPass") || d.Is("ProxyPassMatch")) && d.Parent != nil && isLocation(d.Parent)
}

// proxiesLocation tells whether a ProxyPass takes a URL that stands in a Location: a
// rewrite rule may have put another URL in the place of the one that the Location is
// for (add_pass, ap_proxy_trans_match).
func (s *Server) proxiesLocation(d *conf.Directive, uri string, assume Assume) bool {
	location := d.Parent.Word(0)
	if location == "~" {
		location = d.Parent.Word(1)
	}
	if d.Is("ProxyPassMatch") || expr.IsPattern(location) {
		return s.matches(d, location, uri, assume)
	}
	return MatchURLPath(uri, location) > 0
}

func isLocation(d *conf.Directive) bool { return d.Is("<Location") || d.Is("<LocationMatch") }

// unlessExcluded is a ProxyPass, or nil for "!" in the place of its URL.
func unlessExcluded(d *conf.Directive, url int) *conf.Directive {
	if d.Word(url) == "!" {
		return nil
	}
	return d
}
