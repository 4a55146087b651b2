package audit

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
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

// grantsAnything tells whether a <Directory> lets anybody in: in a part of a
// configuration it shows that servers do not let everybody in anyway.
func (f *facts) grantsAnything() bool {
	for d := range f.All("Require") {
		if d.Unknown == nil && !request.RequiresAll(d, "denied") && d.Parent != nil && d.Parent.Is("<Directory") {
			return true
		}
	}
	return false
}

// mayBeGranted tells a path that is not known in full, or lies below a folder that the
// main configuration of Debian (/var/www and /usr/share), Red Hat (/var/www) or SUSE
// (/srv/www/htdocs) lets everybody into.
func mayBeGranted(path string) bool {
	return !strings.HasPrefix(path, "/") || conf.IsIn(path, "/var/www") || conf.IsIn(path, "/usr/share") || conf.IsIn(path, "/srv/www/htdocs")
}
