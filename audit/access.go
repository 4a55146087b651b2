package audit

import (
	"github.com/wsgictl/wsgictl/httpd/request"
)

// deniesAnything tells whether there is any "Require all denied".
func (f *facts) deniesAnything() bool {
	for d := range f.All("Require") {
		if request.RequiresAll(d, "denied") {
			return true
		}
	}
	return false
}
