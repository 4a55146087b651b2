package wsgi

import (
	"path"
	"regexp"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// A server root of its own, of "wsgictl setup-server" or mod_wsgi-express,
// hosts one application, which a script of that root loads: handler.wsgi.
const (
	serverRootHandler = "wsgi-handler"
	serverRootScript  = "handler.wsgi"
)

// IsServerRoot tells whether a directive hands requests to such a script.
func isServerRoot(d *conf.Directive) bool {
	return d.Is("WSGIHandlerScript") && d.Word(0) == serverRootHandler && path.Base(d.Word(1)) == serverRootScript
}

// IsServerRoot tells whether the configuration is that of a server root of its
// own: the account of its Apache is that of the application.
func (v *View) IsServerRoot() bool {
	for d := range v.All("WSGIHandlerScript") {
		if isServerRoot(d) {
			return true
		}
	}
	return false
}

// loads are what the scripts of wsgictl and of mod_wsgi-express say that they
// load: the kind of entry point, the entry point, and the callable in it.
var loads = []*regexp.Regexp{
	regexp.MustCompile(`(?m)^application, source = (?:\w+\.attempt\(lambda: )?loader\.load\("([^"]*)", "([^"]*)", "([^"]*)"\)`),
	regexp.MustCompile(`(?ms)^entry_point = r'(?P<entry>[^']*)'\napplication_type = '(?P<type>[^']*)'\ncallable_object = '(?P<callable>[^']*)'`),
}

// behindServerRoot is the file, or the name of the module, that the script of a
// server root loads, and the callable that it serves. It is false where the
// script is not here, or serves no one application.
func (v *View) behindServerRoot(script string) (entry, callable string, ok bool) {
	text, err := v.Config.ReadFile(script, maxScript)
	if err != nil {
		return "", "", false
	}
	if found := loads[0].FindStringSubmatch(text); found != nil {
		return found[2], found[3], true
	}
	if found := loads[1].FindStringSubmatch(text); found != nil && found[2] != "static" {
		return found[1], found[3], true
	}
	return "", "", false
}

// resolveServerRoot puts what really serves in the place of handler.wsgi.
func (a *Application) resolveServerRoot(v *View) {
	entry, callable, ok := v.behindServerRoot(a.Script)
	if !ok {
		return
	}
	if !path.IsAbs(entry) { // a module, which may name its callable
		module, own, named := strings.Cut(entry, ":")
		if named {
			callable = own
		}
		if entry = module; a.moduleFile(v, module) != "" {
			entry = a.moduleFile(v, module)
		}
	}
	a.Script, a.Callable = entry, callable
}

// ModuleFile is the file of a module that the home of the group, or its
// python-path, has, or "".
func (a *Application) moduleFile(v *View, module string) string {
	if a.Daemon == nil {
		return ""
	}
	home, _ := a.Daemon.Options.Get("home")
	paths, _ := a.Daemon.Options.Get("python-path")
	name := strings.ReplaceAll(module, ".", "/")
	for _, folder := range append(strings.Split(paths, ":"), home) {
		for _, candidate := range []string{path.Join(folder, name+".py"), path.Join(folder, name, "__init__.py")} {
			if path.IsAbs(folder) && v.Config.Exists(candidate) {
				return candidate
			}
		}
	}
	return ""
}
