package audit

import (
	"fmt"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

var directoryListing = &Rule{
	ID: "WC221", Name: "directory-listing", Severity: Warning, Category: CategoryAccess, Since: unreleased,
	Summary: "the folder of scripts is listed for everybody",
	Why: "Options Indexes lets mod_autoindex show what is in a folder that has no index page: the names of all scripts, " +
		"and of what else lies beside them, such as settings, backups and databases.",
	Remedy: "Write Options -Indexes for the folder.",
	Link:   "https://httpd.apache.org/docs/2.4/mod/mod_autoindex.html",
	Bad: `
DocumentRoot /srv/www
<Directory /srv/www>
    Options +ExecCGI +Indexes
    AddHandler wsgi-script .wsgi
    Require all granted
</Directory>`,
	Good: `
DocumentRoot /srv/www
<Directory /srv/www>
    Options +ExecCGI -Indexes
    AddHandler wsgi-script .wsgi
    Require all granted
</Directory>`,
	Check: checkDirectoryListing,
}

func checkDirectoryListing(p *Pass) {
	if p.Config.HasModule("autoindex_module") == expr.False {
		return
	}
	for _, a := range p.Applications {
		if a.Alias != nil || a.Handler == nil || a.Via.Is("WSGIHandlerScript") || a.Settings().Request.File == "" || a.Settings().Allows("Indexes") != expr.True {
			continue
		}
		p.Report(a.Handler, Finding{Message: fmt.Sprintf("Options Indexes shows the folder of %s to everybody", a.Name())})
	}
}
