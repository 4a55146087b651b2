package express

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/templates"
	"github.com/wsgictl/wsgictl/trust"
)

// A Found is an application that a folder holds, and how to serve it.
type Found struct {
	What    string            // "a Flask application"
	Type    string            // --application-type
	Entry   string            // entry point
	Object  string            // --callable-object; empty for one that the entry point names, or the usual one
	Path    string            // folder to import from, beside the working folder; may be empty
	Aliases []templates.Alias // a URL without a slash before it is below the mount point
	Notes   []string          // what is left to do
}

// A finder looks for one kind of application in a folder; nil when there is
// none, or one with notes alone. An error is an application that cannot be served.
type finder func(context.Context, workplace, string) (*Found, error)

// finders in the order in which they are asked: from what is certain to what
// is only likely.
var finders = []finder{findDjango, findScript, findPaste, findDjangoInSrc, findModule}

// discover looks for an application in the working folder, where none was named. What it
// found is empty where there is none.
func discover(ctx context.Context, place workplace) (Found, notes, error) {
	var hints notes
	for _, find := range finders {
		found, err := find(ctx, place, place.dir)
		if err != nil {
			return Found{}, nil, err
		}
		if found == nil || found.Type == "" {
			hints = append(hints, found.notes()...)
			continue
		}
		said := note("Found %s in %s: serving %s (--application-type %s). To serve another, name it: wsgictl %s ENTRY-POINT.",
			found.What, place.dir, found.Entry, found.Type, place.who.Verb)
		return *found, append(said, found.Notes...), nil
	}
	said := note("Found no application in %s: serving a welcome page. To serve one, name it: wsgictl %s ENTRY-POINT.", place.dir, place.who.Verb)
	return Found{}, append(hints, said...), nil
}

// notes are those of what was found, which may be nothing.
func (f *Found) notes() notes {
	if f == nil {
		return nil
	}
	return f.Notes
}

// findScript takes the folder's one WSGI script.
func findScript(_ context.Context, _ workplace, dir string) (*Found, error) {
	scripts, err := fs.Glob(os.DirFS(dir), "*.wsgi")
	if err != nil || len(scripts) == 0 {
		return nil, err
	}
	if len(scripts) > 1 {
		sort.Strings(scripts)
		return nil, fmt.Errorf("%s holds several WSGI scripts: name one of %s", dir, strings.Join(scripts, ", "))
	}
	return &Found{What: "a WSGI script", Type: "script", Entry: filepath.Join(dir, scripts[0])}, nil
}

// settingsSize is how much is read of a file that people write, in bytes.
const settingsSize = 1 << 20

// findPaste takes the ini file of Pyramid and other Paste applications.
func findPaste(_ context.Context, _ workplace, dir string) (*Found, error) {
	for _, name := range []string{"production.ini", "development.ini"} {
		text, err := trust.ReadFile(filepath.Join(dir, name), settingsSize)
		if err == nil && pasteSection().Match(text) {
			return &Found{What: "a Paste application, such as Pyramid's", Type: "paste", Entry: filepath.Join(dir, name)}, nil
		}
	}
	return nil, nil
}

var pasteSection = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^\[(app|composite|pipeline):main\]`) })
