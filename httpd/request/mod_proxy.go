package request

import "github.com/wsgictl/wsgictl/httpd/conf"

// proxied is the ProxyPass that takes the URL (mod_proxy: ap_proxy_trans_match).
// The first that fits counts, and "!" leaves the URL alone.
func (s *Server) proxied(uri string, assume Assume) *conf.Directive {
	for d := range s.taking(proxyTaker, uri, assume) {
		if d.Word(1) == "!" {
			return nil
		}
		return d
	}
	return nil
}
