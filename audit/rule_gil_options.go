package audit

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/wsgi"
)

var gilOptions = &Rule{
	ID: "WC193", Name: "gil-options", Severity: Warning, Category: CategoryMode, Since: unreleased,
	Summary: "a setting of Python's lock has no effect where it stands",
	Why: "Free threading belongs to a whole process, a lock of its own to an interpreter that is not the main one, and " +
		"a switch interval to a lock. Elsewhere mod_wsgi skips the setting with no more than a line in the log " +
		"(WSGI0199 to WSGI0205).",
	Remedy:   "Put it where it can act: see the message.",
	Link:     guides + "gil-modes-and-free-threading.html",
	Releases: modwsgi.Span{Since: modwsgi.MustParseRelease("6.0.0")},
	Bad: `
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop application-group=%{GLOBAL}
WSGIPerInterpreterGIL On`,
	Good: `
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop application-group=shop
WSGIPerInterpreterGIL On`,
	Check: checkGILOptions,
}

func checkGILOptions(p *Pass) {
	for d := range p.All("WSGIFreeThreading") {
		switch {
		case !d.IsOn():
		case interpreterOf(d) != "":
			p.Report(d, Finding{Message: "free threading cannot be had for one application group alone (WSGI0201)"})
		default:
			p.reportOwnLocks(d)
		}
	}
	for d := range p.All("WSGIPerInterpreterGIL") {
		if a := p.firstServed(); d.IsOn() && d.Parent == nil && a != nil && p.allMain() {
			p.Report(d, Finding{Message: fmt.Sprintf("the main interpreter, which serves %s and all others, has no lock of its own", a.Name())})
		}
	}
	for d := range p.All("WSGISwitchInterval") {
		if group := interpreterOf(d); group != "" && group != "%{GLOBAL}" && !p.hasOwnLock(d.Parent) {
			p.Report(d, Finding{Message: fmt.Sprintf("the interpreter %s has no lock of its own, and so no switch interval (WSGI0199)", group)})
		}
	}
}

// interpreterOf is the application-group of the <WSGIInterpreterOptions> around
// a directive, or "".
func interpreterOf(d *conf.Directive) string {
	if d.Parent == nil || !d.Parent.Is("<WSGIInterpreterOptions") {
		return ""
	}
	for _, word := range d.Parent.Words() {
		if name, ok := strings.CutPrefix(word, "application-group="); ok {
			return name
		}
	}
	return ""
}

// reportOwnLocks reports locks beside free threading, which leaves none.
func (p *Pass) reportOwnLocks(free *conf.Directive) {
	for d := range p.All("WSGIPerInterpreterGIL") {
		if d.IsOn() && d.Parent == free.Parent {
			p.Report(d, Finding{Message: "with free threading there is no lock that an interpreter could have (WSGI0202)"})
		}
	}
}

// firstServed is the first application that runs in a known interpreter, or nil.
func (p *Pass) firstServed() *wsgi.Application {
	for _, a := range p.Applications {
		if a.Mode == wsgi.DaemonMode || a.Mode == wsgi.Embedded {
			return a
		}
	}
	return nil
}

// allMain tells whether all applications run in main interpreters.
func (p *Pass) allMain() bool {
	for _, a := range p.Applications {
		if a.ApplicationGroup != "" {
			return false
		}
	}
	return true
}

// hasOwnLock tells whether the interpreters that a section is for have a lock
// of their own.
func (p *Pass) hasOwnLock(section *conf.Directive) bool {
	for d := range p.All("WSGIPerInterpreterGIL") {
		if d.IsOn() && (d.Parent == nil || d.Parent == section || interpreterOf(d) == "") {
			return true
		}
	}
	return false
}
