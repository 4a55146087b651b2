package audit

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/trust"
)

var changedByOthers = &Rule{
	ID: "WC213", Name: "changed-by-others", Severity: Error, Category: CategorySecurity, Since: unreleased, LooksAtHost: true,
	Summary: "Apache uses as root what somebody else than root can change",
	Why: "Apache starts as root, and gives that up only in its children. By then it has read its configuration, loaded modules and their " +
		"libraries, started the programs of piped logs, and opened logs and keys. Who can change one of these, a folder on the " +
		"way to it, or a folder that is searched for it, becomes root when Apache starts or reloads.",
	Remedy: "Give the file, and each folder on the way to it, to root, with no right to write for others; or put a copy where that is so, and name that.",
	Link:   "https://httpd.apache.org/docs/2.4/misc/security_tips.html#serverroot",
	Good: `
IncludeOptional /etc/apache2/shop/*.conf
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop`,
	Check: checkChangedByOthers,
}

// checkChangedByOthers tells of each place in the configuration once, with the
// first file that it brings.
func checkChangedByOthers(p *Pass) {
	found := p.countedExposed()
	if len(found) == 0 || !p.StartsAsRoot() {
		return
	}
	here := map[spot]*Finding{}
	more := map[*Finding]int{}
	for _, e := range found {
		f := p.findingOf(e)
		at := spot{f.Pos, f.Severity}
		if first := here[at]; first != nil {
			more[first]++
			continue
		}
		here[at] = f
		p.findings = append(p.findings, f)
	}
	for f, n := range more {
		f.Message += fmt.Sprintf("; others can change %d more that it uses here", n)
	}
}

// spot is what findings are told apart by.
type spot struct {
	pos      conf.Pos
	severity Severity
}

// countedExposed leaves out what the caller could change of a server that he
// named, and that is his own where he is not root.
func (p *Pass) countedExposed() []Exposed {
	found := ExposedOf(p.View)
	if p.Host != nil || os.Geteuid() == 0 {
		return found
	}
	trusted := trust.RootAndCaller()
	return slices.DeleteFunc(found, func(e Exposed) bool { return trusted.Accept(e.Way) == nil })
}

func (p *Pass) findingOf(e Exposed) *Finding {
	f := &Finding{
		Rule: p.rule, Severity: e.Severity, Message: e.says(), Help: orRemedy(e.help, p.rule),
		Directive: e.directive, file: e.file,
	}
	switch {
	case e.directive != nil:
		f.Pos, f.End = e.directive.Pos(), e.directive.End()
	case e.link != nil:
		f.Pos, f.file = e.link.Pos, e.link.Source.File
		f.End = lineEnd(f.file, f.Pos)
	default:
		f.Pos = conf.Pos{File: e.file.Name, Line: 1, Column: 1}
		f.End = lineEnd(f.file, f.Pos)
	}
	return f
}

// lineEnd is the end of the line that pos is in.
func lineEnd(file *conf.File, pos conf.Pos) conf.Pos {
	line, _, _ := strings.Cut(file.Source[min(pos.Offset, len(file.Source)):], "\n")
	length := len(strings.TrimRight(line, " \t\r"))
	pos.Column, pos.Offset = pos.Column+length, pos.Offset+length
	return pos
}

// says tells who can change what, and by which folder, link or file.
func (e Exposed) says() string {
	hole := e.Way.Holes[0]
	who, open := e.Way.Accounts()
	reason := hole.Reason
	if hole.At != e.Path {
		reason = hole.At + ": " + reason
	}
	return fmt.Sprintf("Apache, as root, %s %s, which %s can change (%s)", e.Verb, e.Path, trust.Hole{Who: who, Open: open}.Names(), reason)
}
