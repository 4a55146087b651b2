package request

import "github.com/wsgictl/wsgictl/httpd/conf"

// proxied is the ProxyPass that takes the URI: that of a Location, or the first
// of the server that fits. "!" leaves the URI alone (proxy_trans).
func (s *Server) proxied(early *Settings, uri string, assume Assume) *conf.Directive {
	if d := early.own(isOwnProxy, assume, takerNames[proxyTaker]...); d != nil {
		return unlessExcluded(d, 0)
	}
	for d := range s.taking(proxyTaker, uri, assume) {
		return unlessExcluded(d, 1)
	}
	return nil
}

// isOwnProxy tells a ProxyPass without a URL path, which is for all that the
// section is for that it stands in.
func isOwnProxy(d *conf.Directive) bool {
	return (d.Is("ProxyPass") || d.Is("ProxyPassMatch")) && d.Parent != nil && isLocation(d.Parent)
}

func isLocation(d *conf.Directive) bool { return d.Is("<Location") || d.Is("<LocationMatch") }

// unlessExcluded is a ProxyPass, or nil for "!" in the place of its URL.
func unlessExcluded(d *conf.Directive, url int) *conf.Directive {
	if d.Word(url) == "!" {
		return nil
	}
	return d
}
