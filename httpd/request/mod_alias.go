package request

import (
	"path"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/httpdconf"
)

// Redirect is the Redirect that takes the URL for certain, or nil.
func (s *Server) Redirect(uri string) *httpdconf.Directive { return s.redirect(uri, Certainly) }

func (s *Server) redirect(uri string, assume Assume) *httpdconf.Directive {
	for d := range s.each(assume, func(d *httpdconf.Directive) bool { return s.redirects(d, uri) }) {
		return d
	}
	return nil
}

// redirectInside is the Redirect of a section, or of a .htaccess file, that
// takes the URL (fixup_redir).
func (r located) redirectInside() *httpdconf.Directive {
	for _, layer := range r.Settings.Layers {
		for d := range layer.Directives() {
			if r.server.redirects(d, r.URI) && r.Settings.applies(layer, r.assume) && r.Settings.holds(d, r.assume) {
				return d
			}
		}
	}
	return nil
}

// redirects tells whether d is a redirect of mod_alias that takes the URL.
func (s *Server) redirects(d *httpdconf.Directive, uri string) bool {
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
		return s.Config.MatchesRegexp(words[0], uri)
	}
	return MatchURLPath(uri, words[0]) > 0
}

func isRedirectStatus(word string) bool {
	switch strings.ToLower(word) {
	case "permanent", "temp", "seeother", "gone":
		return true
	}
	_, err := strconv.Atoi(word)
	return err == nil
}

// aliased is the Alias that takes the URL, with the file.
func (s *Server) aliased(uri string, assume Assume) (d *httpdconf.Directive, file string) {
	fits := func(d *httpdconf.Directive) bool {
		_, ok := s.aliasTo(d, uri)
		return ok
	}
	for d := range s.each(assume, fits) {
		file, _ := s.aliasTo(d, uri)
		return d, file
	}
	return nil, ""
}

// aliasTo is the file that one Alias leads a URL to. It is false where it does
// not take the URL.
func (s *Server) aliasTo(d *httpdconf.Directive, uri string) (file string, ok bool) {
	switch {
	case d.Is("Alias") || d.Is("ScriptAlias"):
		n := MatchURLPath(uri, d.Word(0))
		return d.Word(1) + uri[n:], n > 0
	case d.Is("AliasMatch") || d.Is("ScriptAliasMatch"):
		pattern, err := s.Config.Regexp(d.Word(0), "")
		if err != nil {
			return "", false
		}
		at := pattern.FindStringSubmatchIndex(uri)
		if at == nil {
			return "", false
		}
		file, _ := Substitute(d.Word(1), uri, at) // of one that is too long nothing is known
		return file, true
	}
	return "", false
}

// MatchURLPath gives how much of uri the URL path of an alias takes, 0 for
// none: any number of slashes match any number, and the match must end where a
// part of the path ends (alias_matches).
func MatchURLPath(uri, alias string) int {
	i, j := 0, 0
	for j < len(alias) {
		if alias[j] != '/' {
			if i >= len(uri) || uri[i] != alias[j] {
				return 0
			}
			i, j = i+1, j+1
			continue
		}
		if i >= len(uri) || uri[i] != '/' {
			return 0
		}
		for j < len(alias) && alias[j] == '/' {
			j++
		}
		for i < len(uri) && uri[i] == '/' {
			i++
		}
	}
	if j == 0 || alias[j-1] != '/' && i < len(uri) && uri[i] != '/' {
		return 0
	}
	return i
}

// URLOf is a URL that leads to a file or folder for certain, or "".
func (s *Server) URLOf(file string) string {
	root := s.DocumentRoot()
	if root != "" && path.Clean(file) == path.Clean(root) {
		return "/"
	}
	for d := range s.Certain("Alias") {
		if isBelow(file, d.Word(1)) || path.Clean(file) == path.Clean(d.Word(1)) {
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
