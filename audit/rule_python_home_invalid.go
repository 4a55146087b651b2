package audit

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

var pythonHomeInvalid = &Rule{
	ID: "WC143", Name: "python-home-invalid", Severity: Error, Category: CategoryLocale, Since: unreleased,
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
		case home.path != "" && !conf.IsAbs(home.path) && home.option != "":
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
