package audit

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/wsgi"
)

var pythonHomeInvalid = &Rule{
	ID: "WC143", Name: "python-home-invalid", Severity: Error, Category: CategoryLocale, Since: unreleased,
	Summary: "a Python home is not there, or is no root folder of a Python or virtualenv",
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
		case home.path != "" && !conf.IsAbs(home.path) && home.option != "":
			f.Message = fmt.Sprintf("%s is no absolute path", home.path)
		case prefix != "":
			f.Message = fmt.Sprintf("%s lies inside a Python, it is not its root folder", home.path)
			f.Help = "Write " + prefix + "."
			if edit, ok := home.shorten(prefix); ok {
				f.Fix = p.fixOf(false, "write "+prefix, edit)
			}
		case p.lacksHome(home):
			f.Message = fmt.Sprintf("there is no folder %s, the Python home", home.path)
			f.Help = "Make the virtualenv, or name the one that the application has."
		default:
			continue
		}
		p.Report(home.Directive, f)
	}
}

// lacksHome tells whether a Python home is not there, or is a file. It is looked for
// where the host is known: a script of those that use it is there, and so is the folder
// that it would lie in. In a chroot other folders count.
func (p *Pass) lacksHome(home pythonHome) bool {
	isNone := p.Config.Lacks(home.path) || p.Config.IsFile(home.path)
	if conf.HasMark(home.path) || !path.IsAbs(home.path) || !isNone || !p.Config.IsFolder(path.Dir(path.Clean(home.path))) {
		return false
	}
	using := p.Applications
	if home.option != "" {
		group := slices.IndexFunc(p.Daemons, func(g *wsgi.Daemon) bool { return g.Directive == home.Directive })
		if _, chroot := p.Daemons[group].Options.Get("chroot"); chroot {
			return false
		}
		using = p.RunningIn(p.Daemons[group])
	}
	return p.areHere(using)
}
