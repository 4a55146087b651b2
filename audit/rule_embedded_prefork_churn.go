package audit

import (
	"fmt"

	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/wsgi"
)

var embeddedPreforkChurn = &Rule{
	ID: "WC195", Name: "embedded-prefork-churn", Severity: Warning, Category: CategoryMode, Since: unreleased,
	Summary: "embedded applications are loaded again all the time",
	Why: "An embedded application lives as long as Apache's process. With a low MaxConnectionsPerChild each process ends " +
		"soon, and the next visitor of the new one waits until the application is loaded.",
	Remedy: "Run the application in a daemon process group, or set MaxConnectionsPerChild 0.",
	Link:   modesGuide,
	Bad: `
MaxConnectionsPerChild 100
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Good: `
MaxConnectionsPerChild 0
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Check: checkEmbeddedPreforkChurn,
}

func checkEmbeddedPreforkChurn(p *Pass) {
	for d := range p.All("MaxConnectionsPerChild", "MaxRequestsPerChild") {
		n := modwsgi.Number(d.Word(0))
		if n < 1 || n > 500 {
			continue
		}
		for _, a := range p.Applications {
			if a.Mode == wsgi.Embedded {
				p.Report(d, Finding{Message: fmt.Sprintf("%s, which runs embedded, is loaded again after %d connections", a.Name(), n)})
				break
			}
		}
	}
}
