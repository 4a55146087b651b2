package request

import (
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// Redirect is the Redirect that takes the URI for certain, or nil.
func (s *Server) Redirect(uri string) *conf.Directive { return s.redirect(uri, Certainly) }

func (s *Server) redirect(uri string, assume Assume) *conf.Directive {
	for d := range s.taking(redirectTaker, uri, assume) {
		return d
	}
	return nil
}

// redirectInside is the Redirect of a section, or of a .htaccess file, that
// takes the URI: those of the innermost one come first, in their order (fixup_redir,
// merge_alias_dir_config).
func (r located) redirectInside() *conf.Directive {
	if own := r.Settings.own(isOwnRedirect, r.assume, ownRedirects...); own != nil {
		return own
	}
	for layer := range r.Settings.innermost(takerNames[redirectTaker]...) {
		for _, d := range r.Settings.alikeIn(layer, isRedirect) {
			if !r.spend(r.server.stepsToTake(d, r.URI), d) {
				return nil
			}
			if !isOwnRedirect(d) && r.server.takes(redirectTaker, d, r.URI, r.assume) && r.Settings.applies(layer, r.assume) && r.Settings.holds(d, r.assume) {
				return d
			}
		}
	}
	return nil
}

func isRedirect(d *conf.Directive) bool {
	kind, _, _ := kindOfTaker(d)
	return kind == redirectTaker
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

// aliased is the Alias or ScriptAlias that takes the URI.
func (s *Server) aliased(uri string, assume Assume) *conf.Directive {
	for d := range s.taking(aliasTaker, uri, assume) {
		return d
	}
	return nil
}

// placeOfOwn is where the alias of a Location leads, in which there may be variables
// (try_alias). With AliasPreservePath the rest of the URI stands behind it.
func (set *Settings) placeOfOwn(alias *conf.Directive, uri string, assume Assume) place {
	at := newPlace(alias)
	at.to.File = alias.Word(0)
	if strings.ContainsAny(at.to.File, `%$\`) {
		value := expr.Value{}
		text, err := expr.ParseText(at.to.File)
		if err != nil {
			value.Reason = expr.Beyond{Kind: expr.NotUnderstood, Subject: err.Error()}
		} else {
			value = text.Value(set.facts())
		}
		if at.to.File = value.Text; value.Reason != nil {
			at.to.Doubt = &Doubt{By: alias, Reason: value.Reason}
		}
	}
	if taken := MatchURLPath(uri, alias.Parent.Word(0)); taken > 0 && set.setting("AliasPreservePath", assume).IsOn() {
		at.contextFolder, at.contextURL = at.to.File, alias.Parent.Word(0)
		at.to.File += uri[taken:]
	}
	if !path.IsAbs(at.to.File) {
		at.to.File = path.Join(set.Server.Config.ServerRoot, at.to.File)
	}
	return at
}

func newPlace(alias *conf.Directive) place {
	at := place{alias: alias}
	if isScriptAlias(alias) {
		at.to.Handler = "cgi-script"
	}
	return at
}

// placeOf is where an alias leads a URI to that it takes.
func (s *Server) placeOf(alias *conf.Directive, uri string) place {
	at := newPlace(alias)
	at.to.File, at.to.Doubt = s.aliasTo(alias, uri)
	if !alias.Is("AliasMatch") && !alias.Is("ScriptAliasMatch") {
		at.contextFolder, at.contextURL = alias.Word(1), alias.Word(0)
	}
	return at
}

func isScriptAlias(d *conf.Directive) bool { return d.Is("ScriptAlias") || d.Is("ScriptAliasMatch") }

// isOwnAlias tells an alias without a URL path, which is for all that the section
// is for that it stands in.
func isOwnAlias(d *conf.Directive) bool {
	return (d.Is("Alias") || d.Is("ScriptAlias")) && len(d.Words()) == 1
}

// aliasTo is the file that an Alias leads a URI to which it takes, and why that is
// not known, nil where it is.
func (s *Server) aliasTo(d *conf.Directive, uri string) (file string, unknown *Doubt) {
	if d.Is("Alias") || d.Is("ScriptAlias") {
		return d.Word(1) + uri[MatchURLPath(uri, d.Word(0)):], nil
	}
	groups, matches := s.Config.Match(d.Word(0), "", uri)
	if matches == expr.Unknown {
		unknown = &Doubt{By: d, Reason: expr.Beyond{Kind: expr.Pattern, Subject: d.Word(0)}}
	}
	file, _ = Substitute(d.Word(1), uri, groups) // of one that is too long nothing is known
	return file, unknown
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

// URIOf is a URI that leads to a file or folder for certain, or "".
func (s *Server) URIOf(file string) string {
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

// redirectStatus is the status that a redirect ends a request with: of the
// client's redirection, or of an error (add_redirect_internal).
func redirectStatus(d *conf.Directive) int {
	switch {
	case d.Is("RedirectPermanent"):
		return http.StatusMovedPermanently
	case d.Is("RedirectTemp"):
		return http.StatusFound
	}
	return wordStatus(d.Word(0))
}

// wordStatus is the status that a word or number stands for, and 302 for all else.
func wordStatus(word string) int {
	switch strings.ToLower(word) {
	case "permanent":
		return http.StatusMovedPermanently
	case "seeother":
		return http.StatusSeeOther
	case "gone":
		return http.StatusGone
	}
	if n, err := strconv.Atoi(word); err == nil && n > 0 {
		return n
	}
	return http.StatusFound
}

func isRedirection(status int) bool { return status >= 300 && status <= 399 }

// ownRedirects are the directives that are redirects without a URL path in a section.
var ownRedirects = []string{"Redirect", "RedirectMatch"}

// isOwnRedirect tells a redirect without a URL path, which is for all that the
// section is for that it stands in.
func isOwnRedirect(d *conf.Directive) bool {
	words := d.Words()
	return (d.Is("Redirect") || d.Is("RedirectMatch")) && (len(words) == 1 || len(words) == 2 && isRedirectStatus(words[0]) && isRedirection(wordStatus(words[0])))
}
