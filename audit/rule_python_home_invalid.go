package audit

import (
	"fmt"
	"iter"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/httpdconf"
)

var pythonHomeInvalid = &Rule{
	ID: "WC143", Name: "python-home-invalid", Severity: Error,
	Summary: "a Python home is no root folder of a Python or virtualenv",
	Why: "Python looks for its library below that folder, does not find it, and cannot start: \"No module named " +
		"encodings\". The processes start again and again.",
	Remedy: "Name the folder that \"python -c 'import sys; print(sys.prefix)'\" prints, the one with bin and lib in it.",
	Link:   venvGuide,
	Bad: `
WSGIDaemonProcess shop python-home=/srv/shop/venv/bin/python
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGIDaemonProcess shop python-home=/srv/shop/venv
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkPythonHomeInvalid,
}

func checkPythonHomeInvalid(p *Pass) {
	for home := range p.pythonHomes() {
		f := Finding{Option: home.option}
		prefix := prefixOf(home.path)
		switch {
		case strings.Contains(home.path, "${"):
			continue
		case home.path != "" && !httpdconf.IsAbs(home.path) && home.option != "":
			f.Message = fmt.Sprintf("%s is no absolute path", home.path)
		case prefix != "":
			f.Message = fmt.Sprintf("%s lies inside a Python, it is not its root folder", home.path)
			f.Help = "Write " + prefix + "."
			if edit, ok := home.shorten(prefix); ok {
				f.Fix = p.fixOf(false, "write "+prefix, edit)
			}
		default:
			continue
		}
		p.Report(home.Directive, f)
	}
}

// pythonHome is one place that names a Python home.
type pythonHome struct {
	*httpdconf.Directive
	option string // python-home, or empty for WSGIPythonHome
	path   string
}

// pythonHomes are all places that name one.
func (v *View) pythonHomes() iter.Seq[pythonHome] {
	return func(yield func(pythonHome) bool) {
		for d := range v.All("WSGIPythonHome") {
			if !yield(pythonHome{d, "", d.Word(0)}) {
				return
			}
		}
		for _, group := range v.Daemons {
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
	word := Option{to: len(h.Args)}
	if h.option != "" {
		word, _ = optionsOf(h.Directive).last(h.option)
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
