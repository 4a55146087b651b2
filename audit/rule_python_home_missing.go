package audit

import "fmt"

var pythonHomeMissing = &Rule{
	ID: "WC142", Name: "python-home-missing", Severity: Warning, Category: CategoryLocale, Since: unreleased,
	Summary: "a daemon process group has no Python home, while another one has",
	Why: "It takes the Python that the module was built with, and that one's packages: those of the system, or of " +
		"another application, in whatever version they happen to be there.",
	Remedy: "Give each group its virtualenv in python-home=.",
	Link:   venvGuide,
	Bad: `
WSGIDaemonProcess shop python-home=/srv/shop/venv
WSGIDaemonProcess blog
WSGIScriptAlias /shop /srv/shop/app.wsgi process-group=shop
WSGIScriptAlias /blog /srv/blog/app.wsgi process-group=blog`,
	Good: `
WSGIDaemonProcess shop python-home=/srv/shop/venv
WSGIDaemonProcess blog python-home=/srv/blog/venv
WSGIScriptAlias /shop /srv/shop/app.wsgi process-group=shop
WSGIScriptAlias /blog /srv/blog/app.wsgi process-group=blog`,
	Check: checkPythonHomeMissing,
}

func checkPythonHomeMissing(p *Pass) {
	homeless, anyHome := p.homeless()
	if !anyHome || p.Main().Last("WSGIPythonHome") != nil {
		return
	}
	for _, group := range homeless {
		p.Report(group.Directive, Finding{Message: fmt.Sprintf("the daemon process group %s has no python-home, as others here have", group.Name)})
	}
}
