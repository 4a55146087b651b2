package audit

import (
	"fmt"
	"os"
)

var twoWSGIModules = &Rule{
	ID: "WC149", Name: "two-wsgi-modules", Severity: Error, Category: CategoryUpgrade, Since: unreleased,
	Summary: "two different mod_wsgi modules are loaded",
	Why: "Apache loads the first one and passes over the second with a warning: \"module wsgi_module is already loaded, " +
		"skipping\". Which Python and which release run is not what the second line says.",
	Remedy: "Keep one LoadModule: with a distribution's own module, a2dismod wsgi, or leave the other line out.",
	Link:   installGuide,
	Bad: `
LoadModule wsgi_module modules/mod_wsgi.so
LoadModule wsgi_module modules/mod_wsgi-py311.cpython-311-x86_64-linux-gnu.so
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Good: `
LoadModule wsgi_module modules/mod_wsgi.so
LoadModule wsgi_module modules/mod_wsgi.so
WSGIScriptAlias / /srv/shop/app.wsgi`,
	Check: checkTwoWSGIModules,
}

func checkTwoWSGIModules(p *Pass) {
	loads := p.ModuleLoads()
	for i, d := range loads {
		if i > 0 && !p.isSameFile(p.LoadedFile(d), p.LoadedFile(loads[0])) {
			message := fmt.Sprintf("%s is not loaded: %s is, in %s", d.Word(1), loads[0].Word(1), placeOf(loads[0], d))
			p.Report(d, Finding{Message: message, Needs: loads[:1]})
		}
	}
}

// isSameFile tells whether two names are of one file of the host: through links,
// too, as far as they are here.
func (p *Pass) isSameFile(a, b string) bool {
	if a == b {
		return true
	}
	first, err := os.Stat(p.Config.Path(a))
	if err != nil {
		return false
	}
	second, err := os.Stat(p.Config.Path(b))
	return err == nil && os.SameFile(first, second)
}
