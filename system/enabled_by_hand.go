package system

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"github.com/wsgictl/wsgictl/store"
)

// dropEnabled lets sites go that were applied disabled, and that a person enabled since,
// as with a2ensite, without its being a conflict: nothing of a person's is lost by that.
func (m Manager) dropEnabled(s *scope, difference *Difference) error {
	for _, name := range slices.Sorted(maps.Keys(s.current.Sites)) {
		path := m.places.Site.Enabling(name)
		_, stays := s.sites[name]
		i := slices.IndexFunc(difference.Conflicts, func(c Conflict) bool { return c.Path == path })
		if stays || i < 0 || !s.current.Sites[name].Disabled || !m.isEnabling(name, difference.Conflicts[i].Current) {
			continue
		}
		difference.Conflicts = slices.Delete(difference.Conflicts, i, i+1)
		difference.first(path)
		if err := m.dropNote(difference, name); err != nil {
			return err
		}
		s.notes = append(s.notes, fmt.Sprintf("Site %s was disabled, and a person has enabled it since: %s goes with the site.", name, path))
	}
	return nil
}

// isEnabling tells whether an entry only enables a site: a link to its file, or that
// file as wsgictl wrote it.
func (m Manager) isEnabling(name string, entry store.PathState) bool {
	if entry.Kind != store.Link {
		return isUnedited(entry)
	}
	target := entry.Target
	if !filepath.IsAbs(target) {
		target = filepath.Join(filepath.Dir(m.places.Site.Enabling(name)), target)
	}
	return filepath.Clean(target) == m.places.Site.File(name)
}

// first has the change of a path made before all others: what a site rests on goes later.
func (d *Difference) first(path string) {
	i := slices.IndexFunc(d.Changes, func(c store.Change) bool { return c.Path == path })
	change := d.Changes[i]
	d.Changes = slices.Insert(slices.Delete(d.Changes, i, i+1), 0, change)
}

// dropNote takes a2ensite's note of a site away, which nothing else knows of.
func (m Manager) dropNote(difference *Difference, name string) error {
	path := filepath.Join(m.places.Site.Markers, "enabled_by_admin", name)
	if m.places.Site.Markers == "" || slices.ContainsFunc(difference.Changes, func(c store.Change) bool { return c.Path == path }) {
		return nil
	}
	note, err := store.Read(path)
	if err == nil && note.Kind == store.File && note.IsEmpty() {
		difference.change(path, note, store.PathState{})
	}
	return err
}
