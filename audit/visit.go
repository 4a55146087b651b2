package audit

import (
	"cmp"
	"net/http"
	"path"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/httpdconf"
)

// kind is what a request's file name is the name of.
type kind uint8

const (
	unseen  kind = iota // the files are not here
	missing             // nothing
	folder
	regular
)

// visit follows a request through httpd once, by the hooks in their order:
// translate_name, map_to_storage, type_checker, fixups, handler
// (ap_process_request_internal, ap_invoke_handler).
func (q *question) visit() outcome {
	if q.redirects > maxRedirects {
		return q.failed(http.StatusInternalServerError, nothing("the internal redirects do not end: httpd answers 500"))
	}
	if *q.visits++; *q.visits > maxVisits {
		o := nothing("it takes more than %d lookups and redirects to tell", maxVisits)
		o.refused = true
		return o
	}
	q.setEnvIf()
	r := q.rewriteServer()
	if r.taken {
		return q.refuse(r.by)
	}
	at := translation{file: r.file}
	if r.file == "" {
		uri := q.request.URI
		q.request.URI = cmp.Or(r.uri, uri) // without PT the rule changes the file alone
		at = q.translate()
	}
	if at.taken != nil {
		return q.refuse(at.taken)
	}
	q.locate(at)
	q.contextRoot, q.contextURL = at.root, at.url
	if problem := q.problem(); problem != "" {
		return nothing("httpd answers 500: %s", problem)
	}
	if d := q.deniedBy(); d != nil && !q.isLookup {
		pos := d.Pos()
		return q.failed(http.StatusForbidden, nothing("Require all denied at %s:%d denies access: httpd answers 403", pos.File, pos.Line))
	}
	q.setEnvIfInside()
	q.port = q.namePort()
	if r.handler != "" {
		q.inside = r.by
	}
	q.ruled, q.mountedBy = r.handler, at.alias
	if at.alias != nil {
		q.translated = wsgiScript
	}
	if o, found := q.negotiate(); found {
		return o
	}
	if o, done := q.fixups(); done {
		return o
	}
	q.forced = q.ruled // mod_rewrite's last fixup, which comes after mod_dir's
	return q.handle()
}

// fixups are those hooks that send a request elsewhere: mod_rewrite's for rules
// in sections, mod_alias's for redirects in sections, and mod_dir's, which
// comes last.
func (q *question) fixups() (o outcome, done bool) {
	o, done = q.rewriteFolder()
	if slash, redirects := q.addSlash(); done && o.next != nil && redirects {
		return slash, true // mod_dir does not step aside for that
	}
	switch {
	case done && o.next != nil && q.ruled != "" && q.allows("ExecCGI") == httpdconf.False:
		return q.failed(http.StatusForbidden, nothing("the handler of a rule takes the place of the redirect of another: httpd answers 403")), true
	case done && o.next != nil && q.ruled != "":
		return q.failed(http.StatusNotFound, nothing("the handler of a rule takes the place of the redirect of another: httpd answers 404")), true
	case done:
		return o, true
	}
	if d := q.redirectedInside(); d != nil {
		return q.refuse(d), true
	}
	handler, _ := q.namedHandler()
	switch {
	case q.kind == folder || q.kind == unseen && strings.HasSuffix(q.request.URI, "/") && handler == "":
		return q.index(handler)
	case handler == "" && q.kind != regular:
		return q.fallBack()
	}
	return outcome{}, false
}

// handle is what the handlers make of the request: mod_wsgi's own, or that of
// mod_actions, which leads elsewhere.
func (q *question) handle() outcome {
	name, _ := q.handler()
	if !isWSGIScript(name) && q.handlerScript(name) == nil {
		if o, done := q.act(name); done {
			return o
		}
	}
	if name == "" && (q.kind == missing || q.kind == regular && q.info != "") {
		return q.failed(http.StatusNotFound, nothing("there is no such file: httpd answers 404"))
	}
	if name == "" && q.kind == folder {
		return q.serveFolder()
	}
	o := q.answer()
	if o.next == nil {
		o.regular = q.kind == regular || q.kind == unseen && o.answer.Application != nil
	}
	return o
}

// problem is why httpd refuses a .htaccess file on the way to the file.
func (q *question) problem() string {
	for _, layer := range q.layers() {
		if layer.Problem != "" && layer.Holds == httpdconf.True {
			return layer.Problem
		}
	}
	return ""
}

// serveFolder is what becomes of a folder without an index: the list of
// mod_autoindex, or an error.
func (q *question) serveFolder() outcome {
	switch {
	case q.view.Config.HasModule("autoindex_module") == httpdconf.False:
		return q.failed(http.StatusNotFound, nothing("the folder has no index: httpd answers 404"))
	case q.allows("Indexes") == httpdconf.False:
		return q.failed(http.StatusForbidden, nothing("the folder has no index, and Options Indexes is off: httpd answers 403"))
	}
	return nothing("mod_autoindex lists the folder")
}

// answer is the application that serves the file, if one does, after the checks
// of mod_wsgi in their order (wsgi_hook_handler).
func (q *question) answer() outcome {
	a, reason := q.serve(q.mountedBy)
	if a == nil {
		return nothing("%s", reason)
	}
	name, _ := q.handler()
	isScript := isWSGIScript(name)
	switch {
	case isScript && a.Alias == nil && q.allows("ExecCGI") == httpdconf.False:
		return q.failed(http.StatusForbidden, nothing("Options ExecCGI is off there: mod_wsgi answers 403 (WSGI0134)"))
	case isScript && q.kind == missing:
		return q.failed(http.StatusNotFound, nothing("the script is not there: mod_wsgi answers 404 (WSGI0135)"))
	case isScript && q.kind == folder:
		return q.failed(http.StatusForbidden, nothing("the script is a folder: mod_wsgi answers 403 (WSGI0136)"))
	case q.info != "" && q.refusesPathInfo():
		return q.failed(http.StatusNotFound, nothing("AcceptPathInfo is Off there: mod_wsgi answers 404 (WSGI0137)"))
	}
	a.Mount = q.request.URI
	if q.mountedBy != nil {
		a.Mount = q.mountedBy.URL
	}
	if q.doubts != "" {
		a.doubt(q.doubtedBy, q.doubts)
	}
	return outcome{answer: Answer{Application: a}}
}

func (q *question) refusesPathInfo() bool {
	accept := q.pick("AcceptPathInfo")
	return accept.decided && strings.EqualFold(accept.candidates[0].Word(0), "Off")
}

// translate is what the server makes of the URL; a Location with a ProxyPass,
// Redirect or Alias of its own goes before (mod_proxy: ap_proxy_trans_match,
// mod_alias: translate_alias_redir).
func (q *question) translate() translation {
	for _, layer := range q.scope.server.Layers(q.request) {
		if layer.Section == nil || layer.Holds != httpdconf.True || !strings.HasPrefix(layer.Section.Name, "<Location") {
			continue
		}
		for d := range layer.Directives() {
			words := d.Words()
			switch {
			case d.Is("ProxyPass") && len(words) > 0 && words[0] != "!", d.Is("Redirect") && isOwnRedirect(words), d.Is("ScriptAlias") && len(words) == 1:
				return translation{taken: d}
			case d.Is("Alias") && len(words) == 1:
				return translation{file: words[0]}
			}
		}
	}
	at := q.scope.translate(q.request.URI)
	if d := q.scope.last("VirtualDocumentRoot"); d != nil && at.byRoot {
		return q.virtualRoot(d)
	}
	return at
}

// isOwnRedirect tells a Redirect without a URL path, for the Location that it
// stands in.
func isOwnRedirect(words []string) bool {
	return len(words) == 1 || len(words) == 2 && isRedirectStatus(words[0]) && strings.Contains(words[1], "://")
}

// redirectedInside is the Redirect of a section, or of a .htaccess file, that
// takes the URL (mod_alias: fixup_redir).
func (q *question) redirectedInside() *httpdconf.Directive {
	for _, layer := range q.layers() {
		if certain, _ := q.holds(layer); !certain {
			continue
		}
		for d := range layer.Directives() {
			if redirects(q.view.Config, d, q.request.URI) {
				return d
			}
		}
	}
	return nil
}

// locate parts what the URL was translated to into the file and PATH_INFO.
func (q *question) locate(at translation) {
	if at.file == "" || len(at.file) > unix.PathMax {
		return
	}
	clean := path.Clean(at.file)
	end, seen := q.scriptEnd(clean, at.alias)
	q.request.File, q.info = clean[:end], clean[end:]
	q.filename = q.request.File
	trailing := strings.HasSuffix(at.file, "/") && clean != "/"
	config := q.view.Config
	switch {
	case config.IsFolder(q.request.File):
		q.kind, q.request.Folder = folder, true
		if trailing {
			q.filename += "/"
		}
	case config.Exists(q.request.File):
		q.kind = regular
	case seen:
		q.kind = missing
	default:
		q.kind = unseen
	}
	if trailing && q.kind != folder {
		q.info += "/"
	}
	q.script = strings.TrimSuffix(strings.TrimSuffix(scriptName(q.request.URI), strings.TrimSuffix(q.info, "/")), "/")
	q.scriptKnown = true
}

// scriptEnd is the length of the part of a path that is the file. httpd goes
// down the path as far as there are folders (ap_directory_walk). Where the
// files are not here, the script that an alias names is the file, or else the
// first name with an extension.
func (q *question) scriptEnd(name string, alias *Alias) (end int, seen bool) {
	start := 0
	if alias != nil && !alias.IsMatch {
		target := path.Clean(alias.Target)
		if strings.HasPrefix(name, target) && path.Ext(target) != "" && !q.view.Config.IsFolder(target) {
			return len(target), false
		}
		start = len(target)
	} else if root := q.scope.documentRoot(); root != "" && strings.HasPrefix(name, path.Clean(root)) {
		start = len(path.Clean(root))
	}
	if q.view.Config.IsFolder(name[:start]) {
		return q.walk(name, start), true
	}
	if start == 0 && q.view.Config.Exists(name[:nextSlash(name, 0)]) {
		end = q.walk(name, nextSlash(name, 0))
		return end, q.view.Config.Exists(name[:end])
	}
	for end := start; end < len(name); {
		end = nextSlash(name, end)
		if path.Ext(path.Base(name[:end])) != "" {
			return end, false
		}
	}
	return len(name), false
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
