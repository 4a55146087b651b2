package express

import (
	"context"
	_ "embed"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
)

//go:embed discover/applications.py
var applicationsProgram string

// moduleNames are the files that hold an application by custom, the most
// telling first.
var moduleNames = []string{"wsgi.py", "app.py", "application.py", "main.py", "server.py", "api.py", "web.py"}

// A moduleApplication is what discover/applications.py tells of one file.
type moduleApplication struct {
	File      string `json:"file"`
	Broken    string `json:"broken"` // why Python cannot read it; the rest is empty then
	Root      string `json:"root"`   // folder that it is imported from, below the working folder
	Module    string `json:"module"`
	Callable  string `json:"callable"` // "app", "create_app()"
	Framework string `json:"framework"`
	ASGI      bool   `json:"asgi"`
	Server    bool   `json:"server"` // it is one for a server of its own
	Needs     string `json:"needs"`  // arguments that a factory cannot do without
	Runs      int    `json:"runs"`   // line that starts a server when the module is loaded; 0 for none
}

// findModule takes the first module that makes a WSGI application at its top
// level: Flask, Bottle, Falcon and others name it app or application, or have
// a function that makes it. What only looked like one is an error where there
// is no other.
func findModule(ctx context.Context, place workplace, dir string) (*Found, error) {
	var told struct {
		Applications []moduleApplication `json:"applications"`
		Folders      []string            `json:"folders"`
	}
	if app, set, err := findFlaskApp(place.who.Caller, dir); err != nil {
		return nil, err
	} else if set {
		return findNamed(ctx, place, app, dir)
	}
	words := append([]string{"-I", "-S", "-c", applicationsProgram}, moduleNames...)
	if err := place.ask(ctx, dir, nil, &told, words...); err != nil {
		return nil, place.notSeen(dir, err)
	}
	var refused error
	for _, application := range told.Applications {
		err := application.check()
		if err == nil {
			return application.found(dir), nil
		}
		if application.Broken != "" { // the one that was meant
			return nil, err
		}
		if refused == nil {
			refused = err
		}
	}
	var below notes
	for _, folder := range told.Folders {
		below = append(below, note("In %s is an application: to serve it, add --working-directory %s.", folder, detect.ShellArgument(filepath.Join(dir, folder)))...)
	}
	return &Found{Notes: below}, refused
}

// notSeen is the error of a Python that could not look.
func (w workplace) notSeen(dir string, err error) error {
	return fmt.Errorf("look for applications in %s: %w; name the entry point: wsgictl %s ENTRY-POINT", dir, err, w.who.Verb)
}

// check refuses what cannot be served.
func (a moduleApplication) check() error {
	switch {
	case a.Broken != "":
		return fmt.Errorf("%s, %s: Python cannot read it; fix it, or name another entry point", a.File, a.Broken)
	case a.ASGI && a.Framework == "Django":
		return fmt.Errorf("%s makes %s with Django's get_asgi_application, an ASGI application, which mod_wsgi cannot run: name the project's wsgi.py instead",
			a.File, a.Callable)
	case a.ASGI:
		return fmt.Errorf("%s makes %s with %s, an ASGI application, which mod_wsgi cannot run: "+
			"use an ASGI server behind --proxy-mount-point, or wrap it (a2wsgi.ASGIMiddleware) in a WSGI script and name that",
			a.File, a.Callable, a.frameworkOr("an async function"))
	case a.Server:
		return fmt.Errorf("%s makes %s with %s, an application for a server of its own, which mod_wsgi cannot run: start that server, and lead to it with --proxy-mount-point",
			a.File, a.Callable, a.Framework)
	case a.Needs != "":
		name := strings.TrimSuffix(a.Callable, "()")
		return fmt.Errorf("%s has the factory %s, which needs arguments (%s): call it in a file wsgi.py, such as\n"+
			"  from %s import %s\n  application = %s(…)", a.File, name, a.Needs, a.Module, name, name)
	case a.Runs != 0:
		return fmt.Errorf("%s, line %d: %s.run() starts a server of its own when the module is loaded; put it below if __name__ == \"__main__\"",
			a.File, a.Runs, a.Callable)
	}
	return nil
}

func (a moduleApplication) frameworkOr(other string) string {
	if a.Framework == "" {
		return other
	}
	return a.Framework
}

func (a moduleApplication) found(dir string) *Found {
	found := &Found{What: "an application", Type: "module", Entry: a.Module + ":" + a.Callable}
	if a.Framework != "" {
		found.What = "a " + a.Framework + " application"
	}
	if !dottedName().MatchString(a.Module) { // such as my-app.py, which no module can import
		found.Type, found.Entry, found.Object = "script", a.File, a.Callable
		if !filepath.IsAbs(a.File) {
			found.Entry = filepath.Join(dir, a.File)
		}
	}
	root := a.Root
	if !filepath.IsAbs(root) {
		root = filepath.Join(dir, root)
	}
	if root != dir {
		found.Path = root
	}
	return found
}
