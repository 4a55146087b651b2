package system

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/store"
)

// tellOwnGroups marks conflicts with files that are whole sites, such as what "wsgictl
// render site" prints: they declare the daemon process group, too, which the plan
// declares in a file of its own. Apache would not take both.
func (m Manager) tellOwnGroups(s *scope, difference *Difference) {
	for i, conflict := range difference.Conflicts {
		for _, group := range groupsOf(conflict) {
			declared := m.places.Config.Enabling("wsgictl-" + group)
			if want, wanted := s.lookup(declared); wanted && want.Kind != store.Absent && declared != conflict.Path {
				difference.Conflicts[i].Group, difference.Conflicts[i].Declared = group, m.places.Config.File("wsgictl-"+group)
			}
		}
	}
}

// groupsOf are the daemon process groups that a file in the way declares.
func groupsOf(conflict Conflict) []string {
	var groups []string
	if conflict.Current.Kind != store.File || isBinary(conflict.Current.Content) {
		return nil
	}
	for node := range conf.Parse(conflict.Path, string(conflict.Current.Content)).Nodes() {
		if words := node.Words(); strings.EqualFold(node.Name(), "WSGIDaemonProcess") && len(words) > 0 {
			groups = append(groups, words[0])
		}
	}
	return groups
}

// CheckGroups is an error about a daemon process group of wsgictl's that a file of
// somebody else's declares, too. Apache takes one of them, and says of the second
// that its name is a duplicate.
func (s *Stage) CheckGroups() error {
	ours, theirs := map[string]bool{}, map[string]conf.Pos{}
	for directive := range certain(s.after.Config) {
		name, at := directive.Word(0), directive.Pos()
		if !directive.Is("WSGIDaemonProcess") {
			continue
		}
		if _, managed := s.plan.Next.Managed[at.File]; managed {
			ours[name] = true
		} else {
			theirs[name] = at
		}
	}
	for _, name := range slices.Sorted(maps.Keys(ours)) {
		if at, both := theirs[name]; both {
			return fmt.Errorf("daemon process group %s is declared at %s:%d, too, in a file that wsgictl did not write, and Apache takes one declaration of it: where that file is for the same site, take it out of the configuration%s; where it is for another, give the site here another name",
				name, at.File, at.Line, s.disabling(at.File))
		}
	}
	return nil
}

// disabling is the command for that, in brackets, where the file needs one.
func (s *Stage) disabling(file string) string {
	words := s.apache.places.Site.DisableWords(file)
	if words == nil {
		return ""
	}
	return " (" + strings.Join(words, " ") + ")"
}
