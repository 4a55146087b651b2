package express

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/templates"
)

// An application is what a server runs.
type application struct {
	kind       string // "script", "module", "paste" or "static"
	named      string // the entry point as it was named; empty for the welcome page
	entryPoint string // a module, or the path of a file; empty where there is no application
	callable   string
	mountPoint string            // with one slash before, and none behind
	path       string            // folder to import from, beside those of --python-path; empty for none
	aliases    []templates.Alias // of files that are its own
	documents  string            // the folder that was named; empty for one of the server root
	notes      notes
}

// findApplication takes the application that was named, or looks for one where none
// was. It refuses one that cannot be served.
func findApplication(ctx context.Context, command Command, place workplace, root serverRoot) (application, error) {
	find := discoveredApplication
	if command.entryPoint() != "" || command.Given["application-type"] {
		find = namedApplication
	}
	found, err := find(ctx, command, place)
	if err != nil {
		return application{}, err
	}
	a := found.at(root, place.who.Caller)
	return a, a.checkReadable(place.who)
}

// entryPoint is the one that was named, by the option or as an argument.
func (c Command) entryPoint() string {
	if c.EntryPoint == "" && len(c.Args) > 0 {
		return c.Args[0]
	}
	return c.EntryPoint
}

// namedApplication is the one of the command line alone.
func namedApplication(ctx context.Context, command Command, place workplace) (application, error) {
	a := application{
		kind: command.ApplicationType, named: command.entryPoint(), callable: command.CallableObject, mountPoint: cleanMount(command.MountPoint),
		aliases: command.URLAlias, documents: command.DocumentRoot,
	}
	unseen, err := a.checkNamed(ctx, place)
	a.notes = unseen
	return a, err
}

// discoveredApplication is the one of the working folder, with what else the command
// line says; one that is named nothing where there is none.
func discoveredApplication(ctx context.Context, command Command, place workplace) (application, error) {
	found, said, err := discover(ctx, place)
	if err != nil {
		return application{}, err
	}
	mountPoint := cleanMount(command.MountPoint)
	return application{
		kind: found.Type, named: found.Entry, callable: cmp.Or(found.Object, command.CallableObject), mountPoint: mountPoint, path: found.Path,
		aliases: slices.Concat(found.below(mountPoint), command.URLAlias), documents: command.DocumentRoot, notes: said,
	}, nil
}

// at is the application with its entry point in the file system.
func (a application) at(root serverRoot, caller Caller) application {
	switch {
	case a.kind == "static":
		a.documents = cmp.Or(a.documents, a.named, caller.Dir)
	case a.named == "":
		a.kind, a.callable, a.entryPoint = "script", "application", root.in(welcomeScript)
	case a.kind == "module":
		a.entryPoint = a.named
	default:
		a.entryPoint = caller.abs(a.named)
	}
	return a
}

// below has the aliases of what was found where they are with a mount point.
func (f Found) below(mountPoint string) []templates.Alias {
	aliases := slices.Clone(f.Aliases)
	for i, alias := range aliases {
		if !strings.HasPrefix(alias.URL, "/") {
			aliases[i].URL = path.Join("/", mountPoint, alias.URL)
		}
	}
	return aliases
}

// welcomeScript is the application where there is none.
const welcomeScript = "default.wsgi"

// isWelcome tells whether the welcome page is served.
func (a application) isWelcome() bool { return a.named == "" && a.kind != "static" }

// isStatic tells whether there are files alone, and no application.
func (a application) isStatic() bool { return a.kind == "static" }

// welcomePage is the script of the welcome page, where that is served.
func (a application) welcomePage(root serverRoot) []File {
	if !a.isWelcome() {
		return nil
	}
	return []File{root.file(welcomeScript, templates.DefaultApplication(), 0o644)}
}

// checkReadable refuses an entry point that is not there, or that the application's
// account cannot read.
func (a application) checkReadable(who identity) error {
	isModule := dottedName().MatchString(a.named) && !strings.HasSuffix(a.named, ".py")
	switch {
	case a.isStatic() || a.isWelcome() || a.kind == "module" && isModule:
		return nil
	case a.kind == "module":
		return fmt.Errorf("entry point %s: want a module as it is imported, such as package.module, or package.module:callable; a file is of --application-type script", a.named)
	}
	err := who.checkReadable(a.entryPoint)
	switch {
	case errors.Is(err, fs.ErrNotExist) && a.kind == "script" && isModule:
		return fmt.Errorf("entry point %s: there is no such file; for a module, add --application-type module", a.entryPoint)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("entry point %s: there is no such file", a.entryPoint)
	case err != nil:
		return fmt.Errorf("entry point: %w", err)
	}
	return nil
}

// dottedName is a module, as it is imported, and perhaps its callable.
var dottedName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[\pL\pN_]+(\.[\pL\pN_]+)*(:[\pL\pN_.]+(\(.*\))?)?$`)
})

const mainInterpreter = "%{GLOBAL}"

// preloads reports whether the application can be loaded before the first
// request: not when its interpreter is chosen by the request.
func preloads(group string) bool {
	return group == mainInterpreter || !strings.Contains(group, "%{")
}
