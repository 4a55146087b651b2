package audit

import (
	"fmt"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/wsgi"
)

var unknownProcessGroup = &Rule{
	ID: "WC104", Name: "unknown-process-group", Severity: Error, Category: CategoryMode, Since: unreleased,
	Summary: "an application is sent to a process group that is not declared",
	Why:     "Each request is answered with 500 (WSGI0150 or WSGI0151). mod_wsgi does not fall back to embedded mode.",
	Remedy:  "Correct the name, or declare the group with WSGIDaemonProcess. Names of groups are compared letter by letter.",
	Link:    groupPage,
	Bad: `
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=Shop`,
	Good: `
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkUnknownProcessGroup,
}

func checkUnknownProcessGroup(p *Pass) {
	for _, a := range p.Applications {
		if a.Error != wsgi.CodeNoGroups && a.Error != wsgi.CodeGroupUnknown || p.DeclaresElsewhere(a) {
			continue
		}
		f := Finding{
			Message: fmt.Sprintf("no daemon process group is called %s: requests to %s get 500 (%s)", a.ProcessGroup, a.Name(), a.Error),
			Option:  "process-group",
		}
		if name := p.nearestGroup(a); name != "" {
			f.Help = fmt.Sprintf("Did you mean %s?", name)
			f.Fix = p.renameGroup(a.DecidedBy, name)
		}
		if len(p.Daemons) == 0 {
			f.Unless = OtherFileDeclares
		}
		p.Report(a.DecidedBy, f)
	}
}

// nearestGroup is the declared name that was probably meant.
func (p *Pass) nearestGroup(a *wsgi.Application) string {
	var names []string
	for _, group := range p.Daemons {
		if group.ServesFrom(a.Server) {
			names = append(names, group.Name)
		}
	}
	if len(names) == 1 {
		return names[0]
	}
	return nearest(a.ProcessGroup, names)
}

// renameGroup is the fix that names another group on a directive.
func (p *Pass) renameGroup(d *conf.Directive, name string) *Fix {
	value, err := conf.Argument(name)
	if err != nil || !isEditable(d) {
		return nil
	}
	if d.Is("WSGIProcessGroup") {
		return p.fixOf(false, "name the group "+name, replaceDirective(d, "WSGIProcessGroup "+value))
	}
	edit, ok := replaceOption(d, "process-group", value)
	if !ok {
		return nil
	}
	return p.fixOf(false, "name the group "+name, edit)
}
