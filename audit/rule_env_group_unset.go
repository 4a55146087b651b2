package audit

import (
	"fmt"
	"strings"
)

var envGroupUnset = &Rule{
	ID: "WC113", Name: "env-group-unset", Severity: Warning, Category: CategoryMode, Since: unreleased,
	Summary: "the variable that chooses the process group is set nowhere",
	Why: "Without the variable mod_wsgi takes %{ENV:NAME} as it stands for the name of the group, and answers 500 " +
		"(WSGI0151); an empty value means embedded mode.",
	Remedy: "Set the variable for each request, with SetEnv as the value for all others, and list the groups in WSGIRestrictProcess.",
	Link:   groupPage,
	Bad: `
WSGIDaemonProcess blue
WSGIDaemonProcess green
WSGIScriptAlias / /srv/shop/app.wsgi process-group=%{ENV:POOL}`,
	Good: `
WSGIDaemonProcess blue
WSGIDaemonProcess green
SetEnv POOL blue
WSGIScriptAlias / /srv/shop/app.wsgi process-group=%{ENV:POOL}`,
	Check: checkEnvGroupUnset,
}

func checkEnvGroupUnset(p *Pass) {
	for _, a := range p.Applications {
		variable, ok := a.GroupVariable()
		if !ok || isSetByServer(variable) || p.isSet(variable) {
			continue
		}
		p.Report(a.DecidedBy, Finding{
			Message: fmt.Sprintf("nothing here sets %s, which chooses the process group of %s", variable, a.Name()),
			Option:  "process-group",
		})
	}
}

// isSetByServer tells the variables that Apache sets itself.
func isSetByServer(variable string) bool {
	for _, prefix := range []string{"SSL_", "HTTP_", "REMOTE_", "SERVER_", "REQUEST_", "GEOIP_", "REDIRECT_", "UNIQUE_ID", "AUTHENTICATE_", "AUTHORIZE_", "MATCH_"} {
		if strings.HasPrefix(variable, prefix) {
			return true
		}
	}
	return false
}

// isSet tells whether anything may give an environment variable a value: any
// directive that mentions it, since all kinds of modules do.
func (p *Pass) isSet(variable string) bool {
	for d := range p.Config.All() {
		if !strings.HasPrefix(d.Name, "WSGI") && strings.Contains(d.Args, variable) {
			return true
		}
	}
	return false
}
