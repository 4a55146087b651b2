package express

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
)

// A namedCallable is a callable of a file, as the entry point and other options
// name it.
type namedCallable struct {
	root, file string // the folder to import from, and the file below it
	name       string
	module     string // how the entry point names the file; empty for one that names it as a file
}

func (n namedCallable) path() string { return filepath.Join(n.root, n.file) }

// isFile reports whether Python can look at the file without waiting for
// somebody to write it, or for long.
func (n namedCallable) isFile() bool {
	info, err := os.Stat(n.path())
	return err == nil && info.Mode().IsRegular() && info.Size() <= settingsSize
}

// checkNamed refuses an application that mod_wsgi cannot run, and a callable that
// the named file cannot have: Apache would start, and answer each request with
// 500. What cannot be told by looking is left to the server.
func (a application) checkNamed(ctx context.Context, place workplace) (notes, error) {
	named, found := a.namedCallable(place)
	if !found {
		return nil, nil
	}
	var told struct {
		Applications []moduleApplication `json:"applications"`
		Lacks        bool                `json:"lacks"`
	}
	if err := place.ask(ctx, place.dir, nil, &told, "-I", "-S", "-c", applicationsProgram, "--named", named.root, named.file, named.name); err != nil {
		return note("Whether %s holds a WSGI application was not looked at: %v.", named.path(), err), nil
	}
	if told.Lacks {
		return nil, named.isMissing(told.Applications)
	}
	for _, application := range told.Applications {
		application.File, application.Needs = named.path(), ""
		if application.Broken == "" { // one that cannot be read now may be written again while it is served
			return nil, application.check()
		}
	}
	return nil, nil
}

// namedCallable finds the file of the entry point; none for one that is not
// Python's, or not here.
func (a application) namedCallable(place workplace) (namedCallable, bool) {
	switch {
	case a.named == "":
	case a.kind == "script":
		path := place.who.abs(a.named)
		named := namedCallable{root: filepath.Dir(path), file: filepath.Base(path), name: a.callable}
		return named, named.isFile()
	case a.kind == "module" && dottedName().MatchString(a.named):
		module, name, hasName := strings.Cut(a.named, ":")
		if !hasName {
			name = a.callable
		}
		for _, root := range append(place.paths, place.dir) {
			for _, end := range []string{".py", "/__init__.py"} {
				named := namedCallable{root, strings.ReplaceAll(module, ".", "/") + end, name, module}
				if named.isFile() {
					return named, true
				}
			}
		}
	}
	return namedCallable{}, false
}

// isMissing is an error that names what the file has in the place of the
// callable.
func (n namedCallable) isMissing(others []moduleApplication) error {
	if len(others) == 0 || others[0].Broken != "" {
		return fmt.Errorf("%s has no %q, the callable that mod_wsgi is to call: name the one that it has with --callable-object, or another entry point", n.path(), n.name)
	}
	other := others[0]
	other.File, other.Needs = n.path(), ""
	if err := other.check(); err != nil {
		return err
	}
	advice := "--callable-object " + detect.ShellArgument(other.Callable)
	if n.module != "" {
		advice = detect.ShellArgument(n.module + ":" + other.Callable)
	}
	return fmt.Errorf("%s has no %q, the callable that mod_wsgi is to call; there is %s: name it, %s", n.path(), n.name, other.Callable, advice)
}
