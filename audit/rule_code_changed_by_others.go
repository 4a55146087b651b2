package audit

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

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
	seen, lacking := map[string]bool{}, lackingPlaces{}
	look := func(d *conf.Directive, what, path string) {
		if path == "" || seen[path] || lacking.lackWayTo(path) {
			return
		}
		seen[path] = true
		way, err := trust.Look(path)
		if err != nil {
			lacking.note(err)
			return
		}
		if _, _, several := way.Owner(); several != nil {
			p.Report(d, Finding{Message: fmt.Sprintf("%s %s can be changed by more than its owner: %s", what, path, way.Holes[len(way.Holes)-1].Reason)})
		}
	}
	for _, a := range p.Applications {
		look(a.Via, "the script", a.Script)
	}
	for home := range p.pythonHomes() {
		look(home.Directive, "the virtualenv", home.path)
	}
}

// lackingPlaces are paths at which there is nothing: with them none of the
// thousands of scripts need be looked for that another host has below one folder.
type lackingPlaces map[string]bool

// note notes what the way to a path ended at for want of it.
func (l lackingPlaces) note(err error) {
	var at *fs.PathError
	if errors.As(err, &at) && errors.Is(err, fs.ErrNotExist) {
		l[at.Path] = true
	}
}

// lackWayTo tells whether nothing is there at the beginning of a path.
func (l lackingPlaces) lackWayTo(path string) bool {
	for end := strings.IndexByte(path, '/'); end >= 0 && len(l) > 0; {
		next := strings.IndexByte(path[end+1:], '/')
		if next < 0 {
			return false
		}
		end += 1 + next
		if l[path[:end]] {
			return true
		}
	}
	return false
}
