package audit

import (
	"fmt"
	"sync"

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
	declared := sync.OnceValue(p.groupNames)
	for _, a := range p.Applications {
		if a.Error != wsgi.CodeNoGroups && a.Error != wsgi.CodeGroupUnknown || p.DeclaresElsewhere(a) {
			continue
		}
		f := Finding{
			Message: fmt.Sprintf("no daemon process group is called %s: requests to %s get 500 (%s)", a.ProcessGroup, a.Name(), a.Error),
			Option:  "process-group",
		}
		switch name := declared().meant(a); {
		case name == "":
		case p.isReplaced(name, a.DecidedBy):
			f.Help = fmt.Sprintf("Call the group by a plain name here and in WSGIDaemonProcess: %s is replaced here, and there it is the name itself.", name)
		default:
			f.Help = fmt.Sprintf("Did you mean %s?", name)
			f.Fix = p.renameGroup(a.DecidedBy, name)
		}
		if len(p.Daemons) == 0 {
			f.Unless = OtherFileDeclares
		}
		p.Report(a.DecidedBy, f)
	}
}

// isReplaced tells whether a name is replaced where the directive names a group, so
// that no request finds the group of that very name.
func (p *Pass) isReplaced(name string, d *conf.Directive) bool {
	n := naming{d, "process-group", name}
	if d.Is("WSGIProcessGroup") {
		n.option = ""
	}
	return n.isExpandedBy(n.expanded(p.Release))
}

// groupNames are the names of the groups that are declared: of those that serve all
// servers, and by ServerName of those that serve the virtual hosts of that name.
type groupNames struct {
	all    *nameIndex
	ofHost map[string]*nameIndex
}

func (p *Pass) groupNames() groupNames {
	groups := newGroupsByServer(p.Daemons)
	names := groupNames{newNameIndex(namesOf(groups.ofAll)), make(map[string]*nameIndex, len(groups.ofHost))}
	for host, own := range groups.ofHost {
		names.ofHost[host] = newNameIndex(namesOf(own))
	}
	return names
}

func namesOf(groups []*wsgi.Daemon) []string {
	names := make([]string, len(groups))
	for i, group := range groups {
		names[i] = group.Name
	}
	return names
}

// meant is the declared name that was probably meant.
func (n groupNames) meant(a *wsgi.Application) string {
	serving := []*nameIndex{n.all}
	if own := n.ofHost[a.Server.Name]; own != nil {
		serving = append(serving, own)
	}
	var few []string
	for _, index := range serving {
		few = append(few, index.names[:min(2, len(index.names))]...)
	}
	if len(few) == 1 {
		return few[0]
	}
	return nearest(a.ProcessGroup, serving...)
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
