package system

import (
	"fmt"

	"github.com/wsgictl/wsgictl/store"
)

// keepDisabled adds as conflicts the sites that a person disabled since they were
// applied, as with a2dissite, and that a plan would enable again; and tells those that a
// person enabled.
func (m Manager) keepDisabled(s *scope, difference *Difference, takeover Takeover) error {
	enabledBy := map[string]string{}
	for name := range s.sites {
		enabledBy[m.places.Site.Enabling(name)] = name
	}
	for i, conflict := range difference.Conflicts {
		if name := enabledBy[conflict.Path]; s.sites[name].Disabled {
			difference.Conflicts[i].Enabled = name
		}
	}
	for _, change := range difference.Changes {
		name, enables := enabledBy[change.Path]
		if !enables || change.Before.Kind != store.Absent || s.current.Managed[change.Path].Kind == store.Absent {
			continue
		}
		if takeover == Adopt {
			return fmt.Errorf("site %s was disabled by a person (%s is gone), which is nothing to adopt: keep it so with disabled = true in its [site.%s], or enable it again with --overwrite",
				name, change.Path, name)
		}
		difference.Conflicts = append(difference.Conflicts, Conflict{Path: change.Path, Wanted: change.After, Disabled: name})
	}
	return nil
}

// WasDisabled tells whether a person disabled a site since it was applied.
func (m Manager) WasDisabled(g Generation, site string) bool {
	path := m.places.Site.Enabling(site)
	entry, err := store.Read(path)
	return err == nil && entry.Kind == store.Absent && g.Managed[path].Kind != store.Absent
}

// WasEnabled tells whether a person enabled a site since it was applied disabled.
func (m Manager) WasEnabled(g Generation, site string) bool {
	return g.Sites[site].Disabled && isThere(m.places.Site.Enabling(site))
}
