package audit

import "fmt"

var secretInEnv = &Rule{
	ID: "WC220", Name: "secret-in-env", Severity: Warning, Category: CategorySecurity, Since: unreleased,
	Summary: "the configuration of Apache has a secret in it",
	Why: "Configuration is kept in repositories and backups, and is often there for everybody to read. Apache hands the variable to each " +
		"application, CGI script and filter of the section with each request, and pages for debugging show it to clients.",
	Remedy: "Keep the secret in a file that the user of the daemon process group alone can read, and have the application read that; or name " +
		"the file in the variable.",
	Link: guides + "security-hardening.html",
	Bad: `
WSGIDaemonProcess shop user=shop
SetEnv SECRET_KEY hunter2hunter2
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Good: `
WSGIDaemonProcess shop user=shop
SetEnv SECRET_KEY_FILE /etc/shop/secret-key
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkSecretInEnv,
}

func checkSecretInEnv(p *Pass) {
	if !p.hosts() {
		return
	}
	for d := range p.All("SetEnv", "SetEnvIf", "SetEnvIfNoCase") {
		if name := secretIn(d); name != "" {
			p.Report(d, Finding{Message: fmt.Sprintf("%s has a secret for its value", name)})
		}
	}
}
