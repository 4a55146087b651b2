package audit

import (
	"iter"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/wsgi"
)

// pythonHome is one place that names a Python home.
type pythonHome struct {
	*conf.Directive
	option string // python-home, or empty for WSGIPythonHome
	path   string
}

// pythonHomes are all places that name one.
func (f *facts) pythonHomes() iter.Seq[pythonHome] {
	return func(yield func(pythonHome) bool) {
		for d := range f.All("WSGIPythonHome") {
			if !yield(pythonHome{d, "", d.Word(0)}) {
				return
			}
		}
		for _, group := range f.Daemons {
			home, ok := group.Options.Get("python-home")
			if ok && !yield(pythonHome{group.Directive, "python-home", home}) {
				return
			}
		}
	}
}

// shorten is the edit that leaves a folder above of the path.
func (h pythonHome) shorten(folder string) (FileEdit, bool) {
	end, ok := strings.CutPrefix(h.path, folder)
	if !ok {
		return FileEdit{}, false
	}
	word := conf.RawOption{To: len(h.Args)}
	if h.option != "" {
		word, _ = wsgi.OptionsOf(h.Directive).Last(h.option)
	}
	return cutEnd(h.Directive, word, end)
}

// insidePython are the folders and programs of a Python installation.
var insidePython = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^([/\x{F0000}-\x{F00FF}].+?)/(bin|bin/python[0-9.]*|bin/activate(_this\.py)?|lib(64)?/python[0-9.]+(/site-packages|/dist-packages)?)$`)
})

// prefixOf is the root folder of the Python that a path lies in, as its name
// tells; "" where it does not.
func prefixOf(name string) string {
	if found := insidePython().FindStringSubmatch(path.Clean(name)); found != nil {
		return found[1]
	}
	return ""
}

// homeless are the groups without a python-home, as far as something runs in
// them, and whether another one has it.
func (f *facts) homeless() (groups []*wsgi.Daemon, anyHome bool) {
	for _, group := range f.Daemons {
		if _, ok := group.Options.Get("python-home"); ok {
			anyHome = true
		} else if !group.Options.IsOpen() && len(f.RunningIn(group)) > 0 {
			groups = append(groups, group)
		}
	}
	return groups, anyHome
}

// areHere tells whether the scripts of applications are on this machine: the host is
// known then.
func (f *facts) areHere(applications []*wsgi.Application) bool {
	for _, a := range applications {
		if f.Config.Exists(a.Script) {
			return true
		}
	}
	return false
}
