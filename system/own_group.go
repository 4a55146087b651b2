package system

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpdconf"
)

// tellOwnGroups marks conflicts with files that are whole sites, such as what "wsgictl
// render site" prints: they declare the daemon process group, too, which the plan
// declares in a file of its own. Apache would not take both.
func (m Manager) tellOwnGroups(s *scope, difference *Difference) {
	for i, conflict := range difference.Conflicts {
		for _, group := range groupsOf(conflict) {
			declared := m.config.enabling("wsgictl-" + group)
			if want, wanted := s.lookup(declared); wanted && want.Kind != Absent && declared != conflict.Path {
				difference.Conflicts[i].Group, difference.Conflicts[i].Declared = group, m.config.file("wsgictl-"+group)
			}
		}
	}
}

// groupsOf are the daemon process groups that a file in the way declares.
func groupsOf(conflict Conflict) []string {
	var groups []string
	if conflict.Current.Kind != File || isBinary(conflict.Current.content) {
		return nil
	}
	for node := range httpdconf.Parse(conflict.Path, string(conflict.Current.content)).Nodes() {
		if words := node.Words(); strings.EqualFold(node.Name(), "WSGIDaemonProcess") && len(words) > 0 {
			groups = append(groups, words[0])
		}
	}
	return groups
}
