package audit

import (
	"cmp"
	"fmt"
	"path/filepath"

	"github.com/wsgictl/wsgictl/hostfiles"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/trust"
)

var codeChangedByOthers = &Rule{
	ID: "WC223", Name: "code-changed-by-others", Severity: Warning, Category: CategorySecurity, Since: unreleased, LooksAtHost: true,
	Summary: "more accounts than the owner's can change a script or a virtualenv",
	Why: "Who can change the script, the virtualenv, or a folder on the way to them decides what the application does: " +
		"with its database, its secrets, and its users' data.",
	Remedy: "Let one account own the project, and take the right to write from its group and from others: chmod -R go-w.",
	Link:   "https://modwsgi.readthedocs.io/en/latest/user-guides/security-hardening.html",
	Check:  checkCodeChangedByOthers,
}

// checkCodeChangedByOthers tells of each path once, where the files are those of
// this machine.
func checkCodeChangedByOthers(p *Pass) {
	if p.Start == nil {
		return
	}
	p.ScriptFaults() // which looks at the ways to the scripts, on all processors
	rights, seen := cmp.Or(p.Rights, hostfiles.Root("").Rights()), map[string]bool{}
	look := func(d *conf.Directive, what, path string) {
		if !filepath.IsAbs(path) || seen[path] {
			return
		}
		seen[path] = true
		ways, there := rights.Route(path).Holes()
		if !there {
			return
		}
		if _, _, several := (trust.Way{Path: path, Holes: ways}).Owner(); several != nil {
			p.Report(d, Finding{Message: fmt.Sprintf("%s %s can be changed by more than its owner: %s", what, path, ways[len(ways)-1].Reason)})
		}
	}
	for _, a := range p.Applications {
		look(a.Via, "the script", a.Script)
	}
	for home := range p.pythonHomes() {
		look(home.Directive, "the virtualenv", home.path)
	}
}
