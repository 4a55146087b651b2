package audit

import (
	"path"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/httpdconf"
)

// translation is what a server makes of a URL before it looks at files.
type translation struct {
	alias *Alias // the script alias that takes it
	file  string // where it leads, PATH_INFO included; empty when not known
	taken *httpdconf.Directive

	root, url string // the folder and the URL that an Alias or UserDir put together
	byRoot    bool   // nothing but DocumentRoot led there
}

// translate follows the translate_name hooks in their order: mod_proxy,
// mod_alias with redirects first, mod_wsgi, and the DocumentRoot. Taken is set
// for what sends the request elsewhere.
func (s *scope) translate(uri string) translation {
	if d := s.proxied(uri); d != nil {
		return translation{taken: d}
	}
	if d := s.redirected(uri); d != nil {
		return translation{taken: d}
	}
	if d, file := s.aliased(uri); d != nil {
		if d.Is("ScriptAlias") || d.Is("ScriptAliasMatch") {
			return translation{taken: d}
		}
		at := translation{file: file}
		if d.Is("Alias") {
			at.root, at.url = d.Word(1), d.Word(0)
		}
		return at
	}
	for _, alias := range s.allAliases() {
		if file, ok := alias.match(uri); ok && undecided(alias.Unknown, s.given()) == nil {
			return translation{alias: alias, file: file}
		}
	}
	if at, ok := s.userDir(uri); ok {
		return at
	}
	if root := s.documentRoot(); root != "" {
		return translation{file: strings.TrimSuffix(root, "/") + uri, byRoot: true}
	}
	return translation{byRoot: true}
}

// given is the condition around the whole server.
func (s *scope) given() *httpdconf.Condition {
	if s.server.Section == nil {
		return nil
	}
	return s.server.Section.Unknown
}

func (s *scope) documentRoot() string {
	if d := s.last("DocumentRoot"); d != nil {
		return d.Word(0)
	}
	return ""
}

// each are the directives outside sections, the server's own before those of
// the main server, as modules search them that merge their lists like that.
func (s *scope) each(yield func(*httpdconf.Directive) bool) {
	for _, d := range s.level {
		if undecided(d.Unknown, s.given()) == nil && !yield(d) {
			return
		}
	}
	if s.main != nil {
		s.main.each(yield)
	}
}

// proxied is the ProxyPass that takes the URL (mod_proxy: ap_proxy_trans_match).
// The first that fits counts, and "!" leaves the URL alone.
func (s *scope) proxied(uri string) *httpdconf.Directive {
	for d := range s.each {
		matches := false
		switch {
		case d.Is("ProxyPass") && len(d.Words()) > 1:
			matches = matchURLPath(uri, d.Word(0)) > 0
		case d.Is("ProxyPassMatch"):
			matches = matchRegexp(s.server.Config, d.Word(0), uri)
		}
		if matches {
			if d.Word(1) == "!" {
				return nil
			}
			return d
		}
	}
	return nil
}

// redirected is the Redirect that takes the URL.
func (s *scope) redirected(uri string) *httpdconf.Directive {
	for d := range s.each {
		if redirects(s.server.Config, d, uri) {
			return d
		}
	}
	return nil
}

// redirects tells whether d is a redirect of mod_alias that takes the URL.
func redirects(config *httpdconf.Config, d *httpdconf.Directive, uri string) bool {
	if !strings.HasPrefix(d.Name, "Redirect") {
		return false
	}
	words := d.Words()
	if len(words) > 1 && isRedirectStatus(words[0]) && (d.Is("Redirect") || d.Is("RedirectMatch")) {
		words = words[1:]
	}
	switch {
	case len(words) == 0:
		return false
	case d.Is("RedirectMatch"):
		return matchRegexp(config, words[0], uri)
	}
	return matchURLPath(uri, words[0]) > 0
}

func isRedirectStatus(word string) bool {
	switch strings.ToLower(word) {
	case "permanent", "temp", "seeother", "gone":
		return true
	}
	_, err := strconv.Atoi(word)
	return err == nil
}

// aliased is the Alias of mod_alias that takes the URL, with the file.
func (s *scope) aliased(uri string) (*httpdconf.Directive, string) {
	for d := range s.each {
		switch {
		case d.Is("Alias") || d.Is("ScriptAlias"):
			if n := matchURLPath(uri, d.Word(0)); n > 0 {
				return d, d.Word(1) + uri[n:]
			}
		case d.Is("AliasMatch") || d.Is("ScriptAliasMatch"):
			pattern, err := s.server.Config.Regexp(d.Word(0), "")
			if err != nil {
				continue
			}
			if at := pattern.FindStringSubmatchIndex(uri); at != nil {
				file, _ := substitute(d.Word(1), uri, at) // of one that is too long nothing is known
				return d, file
			}
		}
	}
	return nil, ""
}

// matchRegexp is false for a regular expression that cannot be compiled.
func matchRegexp(config *httpdconf.Config, pattern, text string) bool {
	compiled, err := config.Regexp(pattern, "")
	return err == nil && compiled.MatchString(text)
}

// urlOf is a URL that leads to a file or folder, or "".
func (s *scope) urlOf(file string) string {
	root := s.documentRoot()
	if root != "" && path.Clean(file) == path.Clean(root) {
		return "/"
	}
	for d := range s.each {
		if d.Is("Alias") && (isBelow(file, d.Word(1)) || path.Clean(file) == path.Clean(d.Word(1))) {
			return path.Join(d.Word(0), strings.TrimPrefix(path.Clean(file), path.Clean(d.Word(1))))
		}
	}
	switch {
	case root == "":
		return ""
	case isBelow(root, file):
		return "/"
	case isBelow(file, root):
		return strings.TrimPrefix(path.Clean(file), path.Clean(root))
	}
	return ""
}
