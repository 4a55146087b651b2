package wsgi

import (
	"cmp"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/request"
)

// Application is one way in which a server hosts a WSGI application: one mount
// point of one script, with where its requests run.
type Application struct {
	Server           *conf.Server
	Mount            string // URL-path, or the regular expression of a Match; empty when not known
	Script           string // file or folder; "*" in it stands for any name
	Via              *conf.Directive
	Callable         string
	ApplicationGroup string // expanded where the configuration decides it
	PythonHome       string // of python-home= or WSGIPythonHome; empty for the module's own
	User             string // that Python runs as; empty when not known

	Verdict

	// ChosenBy is the section by which each request decides whether it is this one: it
	// has a pattern or a condition. It is nil for all of the mount point.
	ChosenBy *conf.Directive

	Alias   *Alias          // where Via is one
	Handler *conf.Directive // SetHandler and its like, where one leads here

	asked *wsgiRequest // the request that found it
}

// Name is how messages call the application: by its mount point and host, and the
// section that chooses it.
func (a *Application) Name() string {
	if a.ChosenBy != nil {
		return a.nameOfAll() + " in " + a.ChosenBy.Opening()
	}
	return a.nameOfAll()
}

// Place is where it stands that there is the application: what mounts it, or the section
// that chooses it.
func (a *Application) Place() *conf.Directive {
	if a.ChosenBy == nil || a.Via.IsWithin(a.ChosenBy) {
		return a.Via
	}
	return a.ChosenBy
}

// nameOfAll is the name without the section.
func (a *Application) nameOfAll() string {
	host := a.Server.Name
	if host == "" && len(a.Server.Addresses) > 0 {
		host = a.Server.Addresses[0].Text
	}
	if a.Mount == "" {
		return cmp.Or(host, "main server") + " " + a.Script
	}
	if a.Alias != nil && a.Alias.IsMatch {
		return host + " " + a.Mount
	}
	return host + a.Mount
}

// Settings are what httpd makes of the request that found the application: one
// for the mount point, or below it where a section applies there alone.
func (a *Application) Settings() *request.Settings { return a.asked.Settings }

// serve makes the application that answers the request: by the script of an
// alias, or by what the handler leads to. Of several aliases the first one led
// here, and the others to what this took the place of. It is nil where no WSGI
// application answers.
func (q *wsgiRequest) serve(aliases ...*Alias) *Application {
	handler, by := q.Handler.Name, q.Handler.By
	a := &Application{Server: q.conf(), Script: q.Settings.Request.File, Handler: by, asked: q}
	switch {
	case IsScriptHandler(handler) && len(aliases) > 0:
		a.Via, a.Alias, a.Handler = aliases[0].Directive, aliases[0], nil
		q.describe(a, optionsOf(aliases), "")
		if i := slices.IndexFunc(aliases, hasGroup); i >= 0 && a.DecidedBy == a.Via {
			a.DecidedBy = aliases[i].Directive
		}
	case IsScriptHandler(handler):
		if a.Via = by; by == nil {
			return nil
		}
		q.describe(a, nil, "")
	default:
		script := handlerScript(q.Handled, handler)
		if script == nil {
			return nil
		}
		words, options, _ := conf.SplitRaw(script.Args, 2)
		a.Via = script
		if len(words) == 2 {
			a.Script, options = words[1], options.BehindName(words[1], scriptExtensions...)
		}
		q.describe(a, options, "handle_request")
		if isServerRoot(script) {
			a.resolveServerRoot(q.view)
		}
	}
	return a
}

// optionsOf are the options that a request has by several aliases, of which the
// first count most: they stay with the request when mod_dir puts an index in its
// place (wsgi_hook_intercept, ap_internal_fast_redirect).
func optionsOf(aliases []*Alias) conf.RawOptions {
	var all conf.RawOptions
	for _, alias := range slices.Backward(aliases) {
		all = append(all, alias.Options...)
	}
	return all
}

func hasGroup(alias *Alias) bool {
	_, ok := alias.Options.Get("process-group")
	return ok
}

const (
	wsgiScript = "wsgi-script"
	wsgiType   = "application/x-httpd-wsgi"
)

// IsScriptHandler tells the handler names that mod_wsgi takes for script files
// (wsgi_hook_handler).
func IsScriptHandler(handler string) bool {
	return handler == wsgiScript || handler == wsgiType
}

// MayBecomeHandler tells whether a handler with variables in its name may be one of
// mod_wsgi.
func (v *View) MayBecomeHandler(handler string) bool {
	return mayBecomeHandler(handler, v.handlerScripts())
}

// mayBecomeHandler is MayBecomeHandler with the names of all handler scripts.
func mayBecomeHandler(handler string, scripts map[string]bool) bool {
	variable := strings.IndexAny(handler, `%$\`)
	if variable < 0 {
		return false
	}
	start := strings.TrimPrefix(handler[:variable], "expr=")
	if beginsScriptHandler(start) {
		return true
	}
	for script := range scripts {
		if strings.HasPrefix(strings.ToLower(script), start) {
			return true
		}
	}
	return false
}

// beginsScriptHandler tells whether one of these names begins so.
func beginsScriptHandler(start string) bool {
	return strings.HasPrefix(wsgiScript, start) || strings.HasPrefix(wsgiType, start)
}

// describe fills in the verdict and all that follows from it. callable is
// empty where the configuration chooses it.
func (q *wsgiRequest) describe(a *Application, options conf.RawOptions, callable string) {
	group := optional(options, "process-group")
	a.Verdict = q.decide(a.Via, group)
	if group == nil && options.IsOpen() && a.Mode != Dynamic {
		a.doubt(a.Via, Undecided{Kind: LineHasGroup})
	}
	a.ApplicationGroup = q.applicationGroup(optional(options, "application-group"))
	a.Callable = callable
	if name, ok := options.Get("callable-object"); ok && callable == "" {
		a.Callable = name
	}
	if a.Callable == "" {
		a.Callable = "application"
		if d := q.Setting("WSGICallableObject"); d != nil {
			a.Callable = d.Word(0)
		}
	}
	main := q.view.Main()
	if home := main.Last("WSGIPythonHome"); home != nil {
		a.PythonHome = home.Word(0)
	}
	if user := main.Last("User"); user != nil {
		a.User = user.Word(0)
	}
	switch {
	case a.Daemon != nil:
		if home, ok := a.Daemon.Options.Get("python-home"); ok {
			a.PythonHome = home
		}
		if user, ok := a.Daemon.Options.Get("user"); ok {
			a.User = user
		}
	case a.Mode == Refused:
		a.PythonHome, a.User = "", ""
	}
}

func optional(options conf.RawOptions, name string) *string {
	if value, ok := options.Get(name); ok {
		return &value
	}
	return nil
}

// InEffect is the directive of that name that is in effect for the
// application's requests; nil where there is none, or where it is not certain.
func (a *Application) InEffect(name string) *conf.Directive {
	return a.Settings().Pick(name).Certain()
}

// MayHave tells whether a directive of that name may be in effect for the
// application's requests.
func (a *Application) MayHave(name string) bool {
	return !a.Settings().Pick(name).IsNone()
}
