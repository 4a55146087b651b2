package audit

import (
	"fmt"
	"net/url"
	"path"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/httpdconf"
)

// Answer is what would answer a GET for one URL.
type Answer struct {
	URL         string
	Server      *httpdconf.Server
	Application *Application // nil where no WSGI application answers
	Reason      string       // then: what does
}

// Serving tells which application would serve a GET for address, with the name
// in it as Host header. The error is about the address itself.
func (v *View) Serving(address string) (Answer, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return Answer{}, fmt.Errorf("url %s: want http://HOST:PORT/PATH", address)
	}
	port := 80
	if u.Scheme == "https" {
		port = 443
	}
	asked := 0
	if u.Port() != "" {
		if asked, err = strconv.Atoi(u.Port()); err != nil {
			return Answer{}, fmt.Errorf("url %s: port: %w", address, err)
		}
		port = asked
	}
	server, certain, reason := v.Config.ServerFor(u.Hostname(), port)
	q := &question{
		view: v, scope: v.scopeOf(server), client: true,
		request: httpdconf.Request{
			URI: cleanURI(u.Path), Query: u.RawQuery, Host: u.Hostname(), Port: port, HTTPS: truth(u.Scheme == "https"),
		},
	}
	if server.Section != nil {
		q.given = server.Section.Unknown
	}
	answer := q.ask(asked)
	answer.URL, answer.Server = address, server
	if certain == httpdconf.Unknown && answer.Application != nil && server.Holds == httpdconf.True {
		answer.Application.Verdict = Verdict{Mode: Dynamic, ProcessGroup: answer.Application.ProcessGroup,
			DecidedBy: answer.Application.DecidedBy, Reason: reason}
	}
	return answer, nil
}

func truth(b bool) httpdconf.Truth {
	if b {
		return httpdconf.True
	}
	return httpdconf.False
}

// cleanURI takes "." and ".." out of a path as httpd does before all else
// (ap_normalize_path), and doubled slashes, which MergeSlashes takes out.
func cleanURI(uri string) string {
	if uri == "" {
		return "/"
	}
	clean := path.Clean("/" + uri)
	if strings.HasSuffix(uri, "/") && clean != "/" {
		clean += "/"
	}
	return clean
}

// namePort is the port that %{SERVER} and its kin carry: the one that the
// client names, else that of the server (ap_get_server_port).
func (q *question) namePort(asked int) int {
	canonical := q.pick("UseCanonicalName")
	if len(canonical.candidates) > 0 && strings.EqualFold(canonical.candidates[0].Word(0), "On") {
		asked = 0
	}
	if asked != 0 {
		return asked
	}
	return q.scope.server.Port
}

// ask follows the URL to the application. port is the one that the client
// names, 0 for none.
func (q *question) ask(port int) Answer {
	r := q.rewrite()
	if r.taken {
		return Answer{Reason: fmt.Sprintf("%s takes the URL before mod_wsgi", r.by.Name)}
	}
	if r.file == "" {
		q.request.URI = r.uri // without PT the rule changes the file alone
	}
	if r.handler != "" {
		q.inside = r.by
	}
	at := translation{file: r.file}
	if r.file == "" {
		at = q.translate()
	}
	if at.taken != nil {
		return Answer{Reason: fmt.Sprintf("%s takes the URL before mod_wsgi", at.taken.Name)}
	}
	if at.file != "" {
		q.request.File, q.script = q.file(at)
		q.scriptKnown = true
	}
	q.port = q.namePort(port)
	answer := q.answer(at, r)
	if r.reason != "" && answer.Application != nil {
		answer.Application.Verdict = Verdict{Mode: Dynamic, DecidedBy: r.by, ProcessGroup: answer.Application.ProcessGroup, Reason: r.reason}
	}
	return answer
}

// translate is what the server makes of the URL; a Location with a ProxyPass
// or Redirect of its own goes before (mod_proxy: ap_proxy_trans_match).
func (q *question) translate() translation {
	for _, layer := range q.scope.server.Layers(q.request) {
		if layer.Section == nil || layer.Holds != httpdconf.True || !strings.HasPrefix(layer.Section.Name, "<Location") {
			continue
		}
		for d := range layer.Directives() {
			if words := d.Words(); d.Is("ProxyPass") && len(words) > 0 && words[0] != "!" || d.Is("Redirect") && isOwnRedirect(words) {
				return translation{taken: d}
			}
		}
	}
	return q.scope.translate(q.request.URI)
}

// isOwnRedirect tells a Redirect without a URL path, for the Location that it
// stands in.
func isOwnRedirect(words []string) bool {
	return len(words) == 1 || len(words) == 2 && isRedirectStatus(words[0]) && strings.Contains(words[1], "://")
}

// answer is the application that serves the file, if one does.
func (q *question) answer(at translation, r rewritten) Answer {
	translated := r.handler
	if translated == "" && at.alias != nil {
		translated = wsgiScript
	}
	a, reason := q.serveBy(translated, at.alias)
	switch {
	case a == nil:
		return Answer{Reason: reason}
	case a.Alias == nil && isWSGIScript(q.handlerName(translated)) && !q.allowsExec():
		return Answer{Reason: "Options ExecCGI is off there: mod_wsgi answers 403 (WSGI0134)"}
	}
	a.Mount = q.request.URI
	if at.alias != nil {
		a.Mount = at.alias.URL
	}
	return Answer{Application: a}
}

func (q *question) handlerName(translated string) string {
	name, _ := q.handler(translated)
	return name
}

// file parts what a URL was translated to into the file and PATH_INFO, and
// gives the file and SCRIPT_NAME.
func (q *question) file(at translation) (file, script string) {
	clean := path.Clean(at.file)
	end := q.scriptEnd(clean, at.alias)
	info := clean[end:]
	q.request.Folder = q.view.Config.IsFolder(clean[:end])
	return clean[:end], strings.TrimSuffix(strings.TrimSuffix(scriptName(q.request.URI), info), "/")
}

// scriptEnd is the length of the part of a path that is the file. httpd goes
// down the path as far as there are folders (ap_directory_walk). Where the
// files are not here, the script that an alias names is the file, or else the
// first name with an extension.
func (q *question) scriptEnd(name string, alias *Alias) int {
	start := 0
	if alias != nil && !alias.IsMatch {
		target := path.Clean(alias.Target)
		if strings.HasPrefix(name, target) && path.Ext(target) != "" {
			return len(target)
		}
		start = len(target)
	} else if root := q.scope.documentRoot(); root != "" && strings.HasPrefix(name, path.Clean(root)) {
		start = len(path.Clean(root))
	}
	if q.view.Config.IsFolder(name[:start]) {
		return q.walk(name, start)
	}
	for end := start; end < len(name); {
		end = nextSlash(name, end)
		if path.Ext(path.Base(name[:end])) != "" {
			return end
		}
	}
	return len(name)
}

// walk goes down a path from the folder name[:start]: to the first part that
// is no folder.
func (q *question) walk(name string, start int) int {
	end := start
	for end < len(name) && q.view.Config.IsFolder(name[:end]) {
		end = nextSlash(name, end)
	}
	return end
}

// nextSlash is the index of the first slash after the one at from, or the end.
func nextSlash(name string, from int) int {
	if i := strings.IndexByte(name[min(from+1, len(name)):], '/'); i >= 0 {
		return from + 1 + i
	}
	return len(name)
}
