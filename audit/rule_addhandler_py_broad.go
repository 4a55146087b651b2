package audit

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpdconf"
)

var addhandlerPyBroad = &Rule{
	ID: "WC163", Name: "addhandler-py-broad", Severity: Error,
	Summary: "each Python file, or each file, below a folder is run as an application",
	Why: "Modules, settings and uploads are no applications, and become ones as soon as someone asks for their URL. Who " +
		"may put a file there may run code in Apache.",
	Remedy: "Mount the one script with WSGIScriptAlias, or use an extension of its own such as .wsgi.",
	Link:   guides + "security-hardening.html",
	Bad: `
<Directory /srv/www>
Options +ExecCGI
AddHandler wsgi-script .py
</Directory>`,
	Good: `
<Directory /srv/www>
Options +ExecCGI
AddHandler wsgi-script .wsgi
</Directory>`,
	Check: checkAddhandlerPyBroad,
}

func checkAddhandlerPyBroad(p *Pass) {
	for d := range p.All("AddHandler", "AddType") {
		name, extensions := handlerOf(d)
		if isWSGIScript(name) && slices.ContainsFunc(extensions, isPython) {
			p.Report(d, Finding{Message: "each .py file is an application"})
		}
	}
	for d := range p.All("SetHandler", "ForceType") {
		name, _ := handlerOf(d)
		if isWSGIScript(name) && d.Parent != nil && d.Parent.Is("<Directory") && p.holdsDocuments(d.Parent) {
			p.Report(d, Finding{Message: fmt.Sprintf("each file below %s is an application", d.Parent.Word(0))})
		}
	}
}

func isPython(extension string) bool {
	return strings.EqualFold(strings.TrimPrefix(extension, "."), "py")
}

// holdsDocuments tells whether a <Directory> is a DocumentRoot or one above it.
func (v *View) holdsDocuments(section *httpdconf.Directive) bool {
	for root := range v.All("DocumentRoot") {
		folder := section.Word(0)
		if path.Clean(folder) == path.Clean(root.Word(0)) || isBelow(root.Word(0), folder) {
			return true
		}
	}
	return false
}
