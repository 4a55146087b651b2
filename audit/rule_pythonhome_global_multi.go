package audit

import "fmt"

var pythonhomeGlobalMulti = &Rule{
	ID: "WC146", Name: "pythonhome-global-multi", Severity: Info, Category: CategoryLocale, Since: unreleased,
	Summary: "a daemon process group takes over the Python home of all others",
	Why: "WSGIPythonHome holds for each group without a python-home of its own: this one runs with the packages of " +
		"another application, and changes with them.",
	Remedy: "Give each group its virtualenv in python-home=, and leave WSGIPythonHome out.",
	Link:   venvGuide,
	Bad: `
WSGIPythonHome /srv/shop/venv
WSGIDaemonProcess shop
WSGIDaemonProcess blog python-home=/srv/blog/venv
WSGIScriptAlias /shop /srv/shop/app.wsgi process-group=shop
WSGIScriptAlias /blog /srv/blog/app.wsgi process-group=blog`,
	Good: `
WSGIDaemonProcess shop python-home=/srv/shop/venv
WSGIDaemonProcess blog python-home=/srv/blog/venv
WSGIScriptAlias /shop /srv/shop/app.wsgi process-group=shop
WSGIScriptAlias /blog /srv/blog/app.wsgi process-group=blog`,
	Check: checkPythonhomeGlobalMulti,
}

func checkPythonhomeGlobalMulti(p *Pass) {
	global := p.Main().Last("WSGIPythonHome")
	homeless, anyHome := p.homeless()
	if global == nil || !anyHome {
		return // one Python for all is a decision
	}
	for _, group := range homeless {
		f := Finding{Message: fmt.Sprintf("the daemon process group %s takes WSGIPythonHome %s", group.Name, global.Word(0))}
		if args, ok := movableArgs(global, group.Directive); ok {
			f.Fix = p.fixByText(true, "write python-home= on the group", group.Directive, "python-home="+args).safeWith(global)
		}
		p.Report(group.Directive, f)
	}
}
