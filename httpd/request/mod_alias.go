package request

import (
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// Redirect is the Redirect that takes the URL for certain, or nil.
func (s *Server) Redirect(uri string) *conf.Directive { return s.redirect(uri, Certainly) }

func (s *Server) redirect(uri string, assume Assume) *conf.Directive {
	for d := range s.taking(redirectTaker, uri, assume) {
		return d
	}
	return nil
}

// redirectInside is the Redirect of a section, or of a .htaccess file, that
// takes the URL (fixup_redir).
func (r located) redirectInside() *conf.Directive {
	for layer := range r.Settings.outermost() {
		for d := range layer.Directives() {
			if r.server.redirects(d, r.URI) && r.Settings.applies(layer, r.assume) && r.Settings.holds(d, r.assume) {
				return d
			}
		}
	}
	return nil
}

// redirects tells whether d is a redirect of mod_alias that takes the URL.
func (s *Server) redirects(d *conf.Directive, uri string) bool {
	return s.takes(redirectTaker, d, uri)
}

// redirectFrom is what a redirect takes: a URL path or a regular expression. It
// is false for one without arguments.
func redirectFrom(d *conf.Directive) (from string, ok bool) {
	words := d.Words()
	if len(words) > 1 && isRedirectStatus(words[0]) && (d.Is("Redirect") || d.Is("RedirectMatch")) {
		words = words[1:]
	}
	if len(words) == 0 {
		return "", false
	}
	return words[0], true
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
func (s *Server) aliased(uri string, assume Assume) (d *conf.Directive, file string) {
	for d := range s.taking(aliasTaker, uri, assume) {
		return d, s.aliasTo(d, uri)
	}
	return nil, ""
}

// aliasTo is the file that an Alias leads a URL to which it takes.
func (s *Server) aliasTo(d *conf.Directive, uri string) string {
	if d.Is("Alias") || d.Is("ScriptAlias") {
		return d.Word(1) + uri[MatchURLPath(uri, d.Word(0)):]
	}
	pattern, err := s.Config.Regexp(d.Word(0), "")
	if err != nil {
		return ""
	}
	file, _ := Substitute(d.Word(1), uri, pattern.FindStringSubmatchIndex(uri)) // of one that is too long nothing is known
	return file
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
		if conf.IsBelow(file, d.Word(1)) || path.Clean(file) == path.Clean(d.Word(1)) {
			return path.Join(d.Word(0), strings.TrimPrefix(path.Clean(file), path.Clean(d.Word(1))))
		}
	}
	switch {
	case root == "":
		return ""
	case conf.IsBelow(root, file):
		return "/"
	case conf.IsBelow(file, root):
		return strings.TrimPrefix(path.Clean(file), path.Clean(root))
	}
	return ""
}

// redirectStatus is the status of an error that a Redirect or RedirectMatch ends
// a request with, 0 where it redirects.
func redirectStatus(d *conf.Directive) int {
	if strings.EqualFold(d.Word(0), "gone") {
		return http.StatusGone
	}
	if n, err := strconv.Atoi(d.Word(0)); err == nil && n >= http.StatusBadRequest {
		return n
	}
	return 0
}
