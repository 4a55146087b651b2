package audit

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
	"github.com/wsgictl/wsgictl/wsgi"
)

var addhandlerPyBroad = &Rule{
	ID: "WC163", Name: "addhandler-py-broad", Severity: Error, Category: CategorySecurity, Since: unreleased,
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
		name, extensions := wsgi.HandlerOf(d)
		if wsgi.IsScriptHandler(name) && slices.ContainsFunc(extensions, isPython) && p.takesAnyPython(d) {
			p.Report(d, Finding{Message: "each .py file is an application"})
		}
	}
	roots := p.documentRoots()
	for d := range p.All("SetHandler", "ForceType") {
		name, _ := wsgi.HandlerOf(d)
		switch {
		case !wsgi.IsScriptHandler(name) || d.Parent == nil:
		case namesFiles(d):
			if p.takesAnyPython(d) {
				p.Report(d, Finding{Message: "each .py file is an application"})
			}
		case d.Parent.Is("<Directory") && isAboveOneOf(roots, d.Parent.Word(0)):
			p.Report(d, Finding{Message: fmt.Sprintf("each file below %s is an application", d.Parent.Word(0))})
		}
	}
}

// anyPython are names of Python files that have nothing else in common.
var anyPython = []string{"settings.py", "upload7.py"}

// takesAnyPython tells whether the sections around a directive are for each
// Python file, and not for some by their names.
func (p *Pass) takesAnyPython(d *conf.Directive) bool {
	for _, s := range d.Parent.Nesting() {
		for _, name := range anyPython {
			if namesFiles(s) && !p.isFor(s, name) {
				return false
			}
		}
	}
	return true
}

// namesFiles tells whether one of the sections that a directive stands in, or
// that it is, is for files by their names.
func namesFiles(d *conf.Directive) bool {
	return slices.ContainsFunc(d.Nesting(), func(s *conf.Directive) bool { return s.Is("<Files") || s.Is("<FilesMatch") })
}

// isFor tells whether a <Files> or <FilesMatch> is for a file of that name.
func (p *Pass) isFor(section *conf.Directive, name string) bool {
	words := section.Words()
	switch {
	case section.Is("<FilesMatch") && len(words) > 0:
		return p.matches(words[0], name)
	case section.Is("<Files") && len(words) > 1 && words[0] == "~":
		return p.matches(words[1], name)
	case section.Is("<Files") && len(words) > 0:
		matches, err := path.Match(words[0], name)
		return err == nil && matches
	}
	return true
}

// matches tells whether a regular expression matches a name for certain.
func (p *Pass) matches(pattern, name string) bool {
	_, matches := p.Config.Match(pattern, "", name)
	return matches == expr.True
}

func isPython(extension string) bool {
	return strings.EqualFold(strings.TrimPrefix(extension, "."), "py")
}

// documentRoots are the clean paths of all DocumentRoots, sorted.
func (p *Pass) documentRoots() []string {
	var roots []string
	for d := range p.All("DocumentRoot") {
		roots = append(roots, path.Clean(d.Word(0)))
	}
	slices.Sort(roots)
	return roots
}

// isAboveOneOf tells whether a folder is one of these sorted paths, or above one.
func isAboveOneOf(roots []string, folder string) bool {
	folder = path.Clean(folder)
	if _, found := slices.BinarySearch(roots, folder); found || folder == "/" {
		return len(roots) > 0
	}
	below := folder + "/"
	at, _ := slices.BinarySearch(roots, below)
	return at < len(roots) && strings.HasPrefix(roots[at], below)
}
