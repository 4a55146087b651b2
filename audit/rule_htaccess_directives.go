package audit

import "fmt"

var htaccessDirectives = &Rule{
	ID: "WC166", Name: "htaccess-directives", Severity: Error, Category: CategoryAccess, Since: unreleased,
	Summary: "a .htaccess file on the way to a script is refused",
	Why: "WSGIProcessGroup, WSGIApplicationGroup, WSGIDispatchScript, WSGIHandlerScript, WSGIPassApacheRequest and " +
		"WSGIRestrictProcess must not stand in .htaccess files, nor may what AllowOverride does not let in. Apache answers " +
		"each request below the folder with 500.",
	Remedy: "Move the directive into a Directory section of the server's files.",
	Link:   issuesGuide,
	Good: `
<Directory /srv/shop>
    WSGIProcessGroup shop
</Directory>
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Check: checkHtaccessDirectives,
}

func checkHtaccessDirectives(p *Pass) {
	for _, a := range p.Applications {
		if problem := a.Settings().Problem(); problem != "" && a.Settings().Request.File != "" {
			p.Report(a.Via, Finding{Message: fmt.Sprintf("requests to %s get 500: %s", a.Name(), problem)})
		}
	}
}
