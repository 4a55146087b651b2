package audit

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/wsgi"
)

var pythonVersionMismatch = &Rule{
	ID: "WC147", Name: "python-version-mismatch", Severity: Error, Category: CategoryLocale, Since: unreleased,
	Summary: "a virtualenv is of another Python than the module",
	Why: "mod_wsgi is built for one release of Python, such as 3.11, and uses no other. From a virtualenv of another one " +
		"it imports nothing, or crashes in an extension that was compiled for that.",
	Remedy: "Make the virtualenv with the module's Python, or build mod_wsgi for the virtualenv's: wsgictl install-module.",
	Link:   venvGuide,
	Bad: `
LoadModule wsgi_module modules/mod_wsgi-py311.cpython-311-x86_64-linux-gnu.so
WSGIDaemonProcess shop python-path=/srv/shop/venv/lib/python3.12/site-packages`,
	Good: `
LoadModule wsgi_module modules/mod_wsgi-py311.cpython-311-x86_64-linux-gnu.so
WSGIDaemonProcess shop python-path=/srv/shop/venv/lib/python3.11/site-packages`,
	Check: checkPythonVersionMismatch,
}

func checkPythonVersionMismatch(p *Pass) {
	module := p.ModuleFile()
	built := p.ModuleVersion(module)
	if built == "" {
		return
	}
	for home := range p.pythonHomes() {
		if own := p.HomeVersion(home.path); own != "" && own != built {
			p.Report(home.Directive, Finding{Option: home.option,
				Message: fmt.Sprintf("%s is of Python %s, and %s is built for Python %s", home.path, own, module, built)})
		}
	}
	for _, group := range p.Daemons {
		folders, _ := group.Options.Get("python-path")
		for folder := range strings.SplitSeq(folders, ":") {
			if own := wsgi.FolderVersion(folder); own != "" && own != built {
				p.Report(group.Directive, Finding{Option: "python-path",
					Message: fmt.Sprintf("%s is of Python %s, and %s is built for Python %s", folder, own, module, built)})
			}
		}
	}
}
