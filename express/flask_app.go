package express

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/trust"
)

// A flaskApp is what FLASK_APP names, as the flask command understands it
// (ScriptInfo.load_app and prepare_import in flask/cli.py).
type flaskApp struct {
	from   string // where it is set
	value  string // as it is written
	root   string // folder to import from
	file   string // below root
	module string // as it is imported from there
	wanted string // the callable; empty for one to find
}

// findFlaskApp reads the variable: of the environment, else of the files that the
// flask command reads, .env before .flaskenv. Of these nothing else is taken: they
// are for that command.
func findFlaskApp(caller Caller, dir string) (flaskApp, bool, error) {
	value, from := caller.env("FLASK_APP"), "the environment"
	for _, name := range []string{".env", ".flaskenv"} {
		if value != "" {
			break
		}
		path := filepath.Join(dir, name)
		if text, err := trust.ReadFile(path, settingsSize); err == nil {
			value, from = valueIn(string(text), "FLASK_APP"), path
		}
	}
	if value == "" {
		return flaskApp{}, false, nil
	}
	app := flaskApp{from: from, value: value}
	return app, true, app.locate(dir)
}

// locate finds the file.
func (a *flaskApp) locate(dir string) error {
	name := a.value
	if parts := callableBehind().FindStringSubmatch(name); parts != nil {
		name, a.wanted = parts[1], strings.TrimSpace(parts[2])
	}
	place := name
	if !filepath.IsAbs(place) {
		place = filepath.Join(dir, place)
	}
	place = strings.TrimSuffix(strings.TrimSuffix(place, ".py"), "/__init__")
	candidates := []string{place}
	if !strings.Contains(name, "/") && !strings.HasSuffix(name, ".py") {
		candidates = append(candidates, filepath.Join(dir, strings.ReplaceAll(name, ".", "/")))
	}
	for _, path := range candidates {
		for _, end := range []string{".py", "/__init__.py"} {
			if exists(path + end) {
				a.split(path, end)
				return nil
			}
		}
	}
	return fmt.Errorf("FLASK_APP=%s (in %s): there is no such module; correct it, unset it, or name the entry point", a.value, a.from)
}

// callableBehind parts a module from its callable; a colon before a slash is a
// part of a path.
var callableBehind = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^([^:]*(?::[\\/][^:]*)*):([^\\/].*)$`) })

// split takes the folders that are packages into the name of the module.
func (a *flaskApp) split(path, end string) {
	a.root, a.module = filepath.Dir(path), filepath.Base(path)
	a.file = a.module + end
	for exists(filepath.Join(a.root, "__init__.py")) {
		package_ := filepath.Base(a.root)
		a.file, a.module, a.root = filepath.Join(package_, a.file), package_+"."+a.module, filepath.Dir(a.root)
	}
}

// findNamed takes the application that FLASK_APP names, and no other.
func findNamed(ctx context.Context, place workplace, app flaskApp, dir string) (*Found, error) {
	var told struct {
		Applications []moduleApplication `json:"applications"`
	}
	if err := place.ask(ctx, dir, nil, &told, "-I", "-S", "-c", applicationsProgram, "--named", app.root, app.file, app.wanted); err != nil {
		return nil, place.notSeen(dir, err)
	}
	named := moduleApplication{Root: app.root, File: filepath.Join(app.root, app.file), Module: app.module, Callable: app.wanted}
	switch {
	case len(told.Applications) > 0:
		named = told.Applications[0]
	case app.wanted == "":
		return nil, fmt.Errorf("FLASK_APP=%s (in %s): no application is seen in %s; name it too, such as FLASK_APP=%s:app",
			app.value, app.from, named.File, app.value)
	}
	if err := named.check(); err != nil {
		return nil, err
	}
	found := named.found(dir)
	found.Notes = flaskVariables(dir)
	return found, nil
}

// flaskVariables tell of what only the flask command would set.
func flaskVariables(dir string) notes {
	var told notes
	for _, name := range []string{".env", ".flaskenv"} {
		text, err := trust.ReadFile(filepath.Join(dir, name), settingsSize)
		if err != nil {
			continue
		}
		if others := variablesIn(string(text), "FLASK_"); len(others) > 0 {
			told = append(told, note("%s sets %s for the flask command alone: an application that needs it and does not read the file itself gets it from the server root's envvars.",
				filepath.Join(dir, name), strings.Join(others, ", "))...)
		}
	}
	return told
}
