package express

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"sync"
)

// A Found is an application that a folder holds, and how to serve it.
type Found struct {
	What    string // "a Flask application"
	Type    string // --application-type
	Entry   string // entry point
	Aliases [][2]string
	Notes   []string // what is left to do
}

// A finder looks for one kind of application in a folder; nil when there is
// none. An error is an application that cannot be served.
type finder func(context.Context, *planner, string) (*Found, error)

// finders in the order in which they are asked: from what is certain to what
// is only likely.
var finders = []finder{findDjango, findScript, findPaste, findModule}

// discover looks for an application in the current folder where none was
// named.
func (p *planner) discover(ctx context.Context) error {
	o := &p.command.Options
	if o.EntryPoint != "" || len(p.command.Args) > 0 || p.command.Given["application-type"] {
		return nil
	}
	for _, find := range finders {
		found, err := find(ctx, p, p.workingDir)
		if err != nil {
			return err
		}
		if found == nil {
			continue
		}
		o.ApplicationType, o.EntryPoint = found.Type, found.Entry
		o.URLAliases = append(found.Aliases, o.URLAliases...)
		p.note("Found %s in %s: serving %s (--application-type %s). To serve another, name it: wsgictl %s ENTRY-POINT.",
			found.What, p.workingDir, found.Entry, found.Type, p.caller.Verb)
		p.setup.Notes = append(p.setup.Notes, found.Notes...)
		return nil
	}
	p.note("Found no application in %s: serving a welcome page. To serve one, name it: wsgictl %s ENTRY-POINT.", p.workingDir, p.caller.Verb)
	return nil
}

// findScript takes the folder's one WSGI script.
func findScript(_ context.Context, _ *planner, dir string) (*Found, error) {
	scripts, err := filepath.Glob(filepath.Join(dir, "*.wsgi"))
	if err != nil || len(scripts) == 0 {
		return nil, err
	}
	if len(scripts) > 1 {
		sort.Strings(scripts)
		return nil, fmt.Errorf("%s holds several WSGI scripts: name one of %s", dir, strings.Join(baseNames(scripts), ", "))
	}
	return &Found{What: "a WSGI script", Type: "script", Entry: scripts[0]}, nil
}

func baseNames(paths []string) []string {
	names := make([]string, len(paths))
	for i, path := range paths {
		names[i] = filepath.Base(path)
	}
	return names
}

// findPaste takes the ini file of Pyramid and other Paste applications.
func findPaste(_ context.Context, _ *planner, dir string) (*Found, error) {
	for _, name := range []string{"production.ini", "development.ini"} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err == nil && pasteSection().Match(text) {
			return &Found{What: "a Paste application, such as Pyramid's", Type: "paste", Entry: filepath.Join(dir, name)}, nil
		}
	}
	return nil, nil
}

var pasteSection = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^\[(app|composite|pipeline):main\]`) })

// moduleNames are the files that hold an application by custom, the most
// telling first.
var moduleNames = []string{"wsgi.py", "app.py", "application.py", "main.py", "server.py", "api.py", "web.py"}

// findModule takes a module, or a package, that makes an application at its
// top level: Flask, Bottle, Falcon and others name it app or application, or
// have a function that makes it.
func findModule(_ context.Context, p *planner, dir string) (*Found, error) {
	names := moduleNames
	if asked, _, _ := strings.Cut(p.caller.env("FLASK_APP"), ":"); asked != "" && !strings.Contains(asked, "/") {
		names = append([]string{strings.ReplaceAll(strings.TrimSuffix(asked, ".py"), ".", "/") + ".py"}, names...)
	}
	packages, err := filepath.Glob(filepath.Join(dir, "*", "__init__.py"))
	if err != nil {
		return nil, err
	}
	for _, path := range packages {
		if relative, err := filepath.Rel(dir, path); err == nil {
			names = append(names, relative)
		}
	}
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			continue
		}
		if found, err := inModule(name, string(text)); found != nil || err != nil {
			return found, err
		}
	}
	return nil, nil
}

var (
	wsgiObject = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?m)^(application|app|api)\s*(?::[^=\n]+)?=[^=]|^def (application|app)\(`)
	})
	wsgiFactory = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?m)^def (create_app|make_app|create_application)\(`)
	})
	asgiObject = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?m)^(\w+)\s*(?::[^=\n]+)?=\s*(?:\w+\.)*(FastAPI|Starlette|Quart|Litestar|Sanic|get_asgi_application)\(`)
	})
	frameworks = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?m)^\s*(?:from|import)\s+(flask|bottle|falcon|pyramid|cherrypy|web2py|werkzeug|hug|dash|django)\b`)
	})
)

func inModule(name, text string) (*Found, error) {
	if m := asgiObject().FindStringSubmatch(text); m != nil {
		return nil, fmt.Errorf("%s makes %s with %s, an ASGI application, which mod_wsgi cannot run: "+
			"use an ASGI server behind --proxy-mount-point, or wrap it (a2wsgi.ASGIMiddleware) in a WSGI script and name that", name, m[1], m[2])
	}
	callable := ""
	if m := wsgiObject().FindStringSubmatch(text); m != nil {
		callable = m[1] + m[2]
	} else if m := wsgiFactory().FindStringSubmatch(text); m != nil {
		callable = m[1] + "()"
	} else {
		return nil, nil
	}
	what := "an application"
	if m := frameworks().FindStringSubmatch(text); m != nil {
		what = "a " + strings.ToUpper(m[1][:1]) + m[1][1:] + " application"
	}
	module := strings.TrimSuffix(strings.TrimSuffix(name, ".py"), "/__init__")
	return &Found{What: what, Type: "module", Entry: strings.ReplaceAll(module, "/", ".") + ":" + callable}, nil
}
