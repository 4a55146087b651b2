package audit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

var oldAccessControl = &Rule{
	ID: "WC207", Name: "old-access-control", Severity: Warning, Category: CategoryUpgrade, Since: unreleased,
	Summary: "access control is written for Apache 2.2",
	Why: "Order, Allow, Deny and Satisfy work in Apache 2.4 only while mod_access_compat is loaded, and beside Require " +
		"both are asked: what one grants the other may still refuse with 403.",
	Remedy: "Write Require: \"Require all granted\" for \"Order allow,deny\" with \"Allow from all\".",
	Link:   "https://httpd.apache.org/docs/2.4/upgrading.html#access",
	Bad: `
WSGIScriptAlias / /srv/shop/app.wsgi
<Directory /srv/shop>
Order allow,deny
Allow from all
</Directory>`,
	Good: `
WSGIScriptAlias / /srv/shop/app.wsgi
<Directory /srv/shop>
Require all granted
</Directory>`,
	Check: checkOldAccessControl,
}

// oldAccess are the access directives of one section.
type oldAccess struct {
	lines []*conf.Directive // Order, Allow, Deny, Satisfy
	mixed bool              // Require stands beside them
}

func checkOldAccessControl(p *Pass) {
	if !p.has("Order") && !p.has("Allow") && !p.has("Deny") && !p.has("Satisfy") {
		return
	}
	sections, isAll := p.oldAccess()
	isSafe := isAll && p.isAccessKnown() && sayTheSame(sections)
	for _, section := range sections {
		p.reportOldAccess(section, isSafe)
	}
}

// oldAccess are the sections with such directives, in their order. isAll tells
// whether that is all access control there is.
func (p *Pass) oldAccess() (old []*oldAccess, isAll bool) {
	lines, isAll := p.certain("Order", "Allow", "Deny", "Satisfy") // <IfVersion> and <IfModule> choose between both forms
	sections := map[*conf.Directive]*oldAccess{}
	for _, d := range lines {
		section := sections[d.Parent]
		if section == nil {
			section = &oldAccess{}
			sections[d.Parent] = section
			old = append(old, section)
		}
		section.lines = append(section.lines, d)
	}
	requires, noOthers := p.certain("Require", "<RequireAll", "<RequireAny", "<RequireNone")
	for _, d := range requires {
		if section := sections[d.Parent]; section != nil {
			section.mixed = true
		}
	}
	return old, isAll && noOthers && len(requires) == 0
}

// isAccessKnown tells whether nothing but what was read says who gets in.
func (p *Pass) isAccessKnown() bool {
	return p.isWhole() && !p.mayOverride("indexes", "options", "fileinfo")
}

// sayTheSame tells whether all sections become the same Require. An inner section
// replaces what an outer one says in the same form alone: were one of them left as
// it is, or did they differ while not all are fixed, both would be asked.
func sayTheSame(sections []*oldAccess) bool {
	for _, section := range sections {
		if require := section.translation(); require == "" || require != sections[0].translation() || !section.isTogether() {
			return false
		}
	}
	return true
}

// reportOldAccess reports the lines of one section at the first of them.
func (p *Pass) reportOldAccess(section *oldAccess, isSafe bool) {
	first := section.lines[0]
	f := Finding{Message: fmt.Sprintf("%s is access control of Apache 2.2", capitalized(first.Name))}
	if section.mixed {
		f.Message += ", and Require stands beside it: both must grant"
		f.Help = "Delete " + section.oldDirectives() + ", and let Require say who gets in."
	}
	if require := section.translation(); require != "" {
		f.Help = "Write " + require + "."
		edits := []FileEdit{replaceDirective(first, require)}
		for _, line := range section.lines[1:] {
			edits = append(edits, removeDirective(line))
		}
		if section.isTogether() && p.Config.HasModule("authz_core_module") != expr.False {
			f.Fix = p.fixOf(isSafe, "write "+require, edits...)
		}
	}
	p.Report(first, f)
}

// oldDirectives are the names of the directives, each once.
func (s *oldAccess) oldDirectives() string {
	var names []string
	for _, line := range s.lines {
		if name := capitalized(line.Name); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

func capitalized(name string) string { return strings.ToUpper(name[:1]) + name[1:] }

// translation is what the lines say as one Require; "" where it takes more.
func (s *oldAccess) translation() string {
	if s.mixed || len(s.lines) != 2 || !s.lines[0].Is("Order") {
		return ""
	}
	ordered := strings.ToLower(strings.Join(s.lines[0].Words(), " "))
	rule := strings.ToLower(s.lines[1].Name + " " + strings.Join(s.lines[1].Words(), " "))
	switch ordered + "; " + rule {
	case "allow,deny; allow from all", "deny,allow; allow from all":
		return "Require all granted"
	case "deny,allow; deny from all", "allow,deny; deny from all":
		return "Require all denied"
	}
	return ""
}

// isTogether tells whether all lines may be edited as one: they stand in one
// file, and in no macro.
func (s *oldAccess) isTogether() bool {
	for _, line := range s.lines {
		if !isEditable(line) || line.Source != s.lines[0].Source {
			return false
		}
	}
	return true
}
