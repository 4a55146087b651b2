package request

import "github.com/wsgictl/wsgictl/httpdconf"

// proxied is the ProxyPass that takes the URL (mod_proxy: ap_proxy_trans_match).
// The first that fits counts, and "!" leaves the URL alone.
func (s *Server) proxied(uri string, assume Assume) *httpdconf.Directive {
	fits := func(d *httpdconf.Directive) bool {
		switch {
		case d.Is("ProxyPass") && len(d.Words()) > 1:
			return MatchURLPath(uri, d.Word(0)) > 0
		case d.Is("ProxyPassMatch"):
			return s.Config.MatchesRegexp(d.Word(0), uri)
		}
		return false
	}
	for d := range s.each(assume, fits) {
		if d.Word(1) == "!" {
			return nil
		}
		return d
	}
	return nil
}
