package conf

import "strings"

// checkProxyPass is add_pass of mod_proxy: a path, unless a section around it has
// one, where requests go, and parameters.
func (r *reader) checkProxyPass(d *Directive) string {
	words := d.Words()
	isMatch, inside := d.Is("ProxyPassMatch"), isInDirectory(d)
	if !inside && len(words) > 0 && words[0] == "~" {
		if isMatch {
			return "ProxyPassMatch invalid syntax ('~' usage)."
		}
		isMatch, words = true, words[1:]
	}
	if !inside && !r.modules.complete && (len(words) == 0 || !isMatch && !strings.HasPrefix(words[0], "/")) {
		return "" // it may be meant for a section with a path
	}
	if !inside && len(words) > 0 {
		if isMatch && IsBrokenPattern(words[0]) {
			return "Regular expression could not be compiled."
		}
		words = words[1:]
	}
	if len(words) == 0 {
		return "ProxyPass|ProxyPassMatch needs a path when not defined in a location"
	}
	for _, word := range words[1:] {
		if message := checkProxyParameter(word, inside && strings.HasPrefix(words[0], "/")); message != "" {
			return message
		}
	}
	return checkProxyURL(words[0], isMatch)
}

func checkProxyParameter(word string, afterPath bool) string {
	name, value, ok := strings.Cut(word, "=")
	switch {
	case containsFold([]string{"nocanon", "interpolate", "noquery"}, word):
	case !ok && afterPath:
		return "ProxyPass|ProxyPassMatch can not have a path when defined in a location."
	case !ok:
		return "Invalid ProxyPass|ProxyPassMatch parameter. Parameter must be in the form 'key=value'."
	case strings.EqualFold(name, "mapping") && !containsFold([]string{"encoded", "servlet"}, value):
		return "unknown mapping"
	}
	return ""
}

// checkProxyURL is what ap_proxy_define_worker takes: a scheme and a host, or the
// socket of a server on this machine before them. That of a match may have a
// part of what matched in the place of its port.
func checkProxyURL(url string, isMatch bool) string {
	if url == "!" || hasPrefixFold(url, "balancer:") {
		return ""
	}
	if hasPrefixFold(url, "unix:") {
		if _, after, ok := strings.Cut(url, "|"); ok {
			if strings.Contains(after, ":") {
				return ""
			}
			return "ProxyPass|ProxyPassMatch uses an invalid \"unix:\" URL"
		}
	}
	scheme, rest, ok := strings.Cut(url, "://")
	host := rest
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		host = rest[:end]
	}
	host = host[strings.LastIndexByte(host, '@')+1:]
	if !ok || scheme == "" || strings.ContainsAny(scheme, "/?#") || host == "" || host[0] == ':' {
		return "ProxyPass URL must be absolute!: " + url
	}
	if colon := strings.LastIndexByte(host, ':'); !isMatch && colon > strings.IndexByte(host, ']') && strings.Trim(host[colon+1:], "0123456789") != "" {
		return "ProxyPass Unable to parse URL: " + url
	}
	return ""
}

func hasPrefixFold(text, prefix string) bool {
	return len(text) >= len(prefix) && strings.EqualFold(text[:len(prefix)], prefix)
}
