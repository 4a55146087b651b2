package audit

import (
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
	"github.com/wsgictl/wsgictl/httpd/request"
)

// allows tells whether Options lets the application's files do something, such
// as ExecCGI.
func (a *Application) allows(option string) expr.Truth { return a.asked.Allows(option) }

// deniedBy is the "Require all denied" that keeps everybody from the
// application, or nil where none does for certain.
func (a *Application) deniedBy() *conf.Directive { return a.asked.DeniedBy() }

// deniesAnything tells whether there is any "Require all denied".
func (v *View) deniesAnything() bool {
	for d := range v.All("Require") {
		if request.RequiresAll(d, "denied") {
			return true
		}
	}
	return false
}
