package audit

import (
	"fmt"
	"iter"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

var authScriptOnlyHtaccess = &Rule{
	ID: "WC176", Name: "auth-script-only-htaccess", Severity: Error, Category: CategoryAccess, Since: unreleased,
	Summary: "a script that only a .htaccess file names crashes Apache's processes",
	Why: "With WSGIRestrictEmbedded On Apache's own processes start Python only where the server's files name an access, " +
		"authentication or authorization script. One that only a .htaccess file names finds no Python: the process dies " +
		"of a segmentation fault, and with it all other requests that it works on.",
	Remedy: "Move the directive into a Directory section of the server's files.",
	Link:   directives + "WSGIRestrictEmbedded.html",
	Good: `
WSGIRestrictEmbedded On
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop
<Directory /srv/shop>
    WSGIAccessScript /srv/shop/access.wsgi
</Directory>`,
	Check: checkAuthScriptOnlyHtaccess,
}

func checkAuthScriptOnlyHtaccess(p *Pass) {
	if !p.RestrictEmbedded.IsOn() || p.runsInApache() {
		return
	}
	for d := range p.All("WSGIRestrictEmbedded") {
		if !d.IsOn() {
			return // it has Python started, too, wherever it stands (wsgi_set_restrict_embedded)
		}
	}
	for layers := range p.layersOfFolders() {
		for _, layer := range layers {
			for d := range layer.Directives() {
				if layer.Htaccess != nil && layer.Htaccess.Problem == "" && isAuthScript(d) {
					p.Report(d, Finding{Message: fmt.Sprintf("%s crashes the process that has the request: without embedded mode it has no Python", d.Name)})
				}
			}
		}
	}
}

// layersOfFolders are what holds for the scripts of all applications and for
// each DocumentRoot.
func (p *Pass) layersOfFolders() iter.Seq[[]conf.Layer] {
	return func(yield func([]conf.Layer) bool) {
		for _, a := range p.Applications {
			if !yield(a.Settings().Layers) {
				return
			}
		}
		for _, s := range p.Servers {
			root := s.DocumentRoot()
			if root == "" {
				continue
			}
			places, _, _ := s.Server.Server.SectionLayers(conf.Request{URI: "/", File: strings.TrimSuffix(root, "/"), Folder: true})
			if !yield(places) {
				return
			}
		}
	}
}

// isAuthScript tells what has Python decide about a request in Apache's own
// process. WSGIDispatchScript does so too, and cannot stand in .htaccess.
func isAuthScript(d *conf.Directive) bool {
	return d.Is("WSGIAccessScript") || d.Is("WSGIAuthUserScript") || d.Is("WSGIAuthGroupScript")
}
