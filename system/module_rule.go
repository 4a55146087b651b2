package system

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/modwsgi"
)

// keepsInForce decides whether a declaration is served with the mod_wsgi that
// Apache loads for others already. One Apache has one: the newest that any of its
// declarations asks for. So one of the same release serves all, and their
// declarations do not take turns; a newer one comes with whoever asks for it. A
// declaration that was applied and then overtaken goes on with the newer one; a
// new one that asks for an older one is refused.
func (d *declaring) keepsInForce(inForce *loaded) (bool, error) {
	asked := d.Module.Release
	if inForce == nil || len(d.others) == 0 || inForce.python != d.Module.Python {
		return false, nil
	}
	newer := d.othersAbove(d.Module)
	switch {
	case inForce.release.Compare(asked) == 0:
		return true, nil
	case inForce.release.Compare(asked) < 0, len(newer) == 0: // back to an older one, where nobody else needs the newer one
		return false, nil
	case d.wasApplied():
		d.notes = append(d.notes, fmt.Sprintf("Apache loads mod_wsgi %s (%s): this declaration, which asks for %s, is served with it.",
			inForce.release, d.current.asking(newer), asked))
		return true, nil
	}
	return false, fmt.Errorf("mod_wsgi %s is older than the %s that Apache loads (%s), and one Apache has one mod_wsgi: install %[2]s into the virtualenv (wsgictl install-module --release %[2]s), or, where root keeps the module, declare mod-wsgi = %[4]q",
		asked, inForce.release, d.current.asking(newer), inForce.release.String())
}

// asking says which mod_wsgi sites ask for.
func (g Generation) asking(sites []string) string {
	var all []string
	for _, name := range sites {
		all = append(all, fmt.Sprintf("%s asks for %s", g.describe([]string{name}), g.Sites[name].Release))
	}
	return strings.Join(all, ", ")
}

// wasApplied tells whether sites of the declaration are in force, be it by another
// name of its file.
func (d *declaring) wasApplied() bool {
	return len(d.others) < len(d.current.Sites) || len(d.current.sitesOf(d.File)) > 0
}

// othersAbove are the other sites whose declarations ask for a newer mod_wsgi.
func (d *declaring) othersAbove(module Module) []string {
	return slices.DeleteFunc(slices.Clone(d.others), func(name string) bool {
		release, err := modwsgi.ParseRelease(d.current.Sites[name].Release)
		return err != nil || module.Release.Compare(release) >= 0
	})
}

// describe names sites with their declarations.
func (g Generation) describe(sites []string) string {
	var all []string
	for _, name := range sites {
		all = append(all, fmt.Sprintf("%s (%s)", name, g.Sites[name].File))
	}
	return strings.Join(all, ", ")
}

// moduleForOthers says which mod_wsgi the plan gives to sites that it is not
// about; nothing where they keep theirs.
func (m Manager) moduleForOthers(s *scope, next Generation) ([]string, error) {
	before, err := m.moduleInForce(s.current.Managed)
	if err != nil {
		return nil, err
	}
	after, err := m.moduleInForce(next.Managed)
	if err != nil || before == nil || after == nil || len(s.others) == 0 || before.release.Compare(after.release) == 0 {
		return nil, err
	}
	return []string{fmt.Sprintf("mod_wsgi %s → %s, also for %s", before.release, after.release, s.current.describe(s.others))}, nil
}

// asks are the sites that ask for another release than Apache loads. They are
// part of what the mark of a generation stands for, so that what a declaration
// asks for is recorded also where no file of it becomes another.
func (m Manager) asks(s *scope) ([]string, error) {
	load, _ := s.lookup(m.places.Load.File(m.places.Name))
	loads, err := m.loadedBy(load)
	if err != nil || loads == nil {
		return nil, err
	}
	var asks []string
	for _, name := range slices.Sorted(maps.Keys(s.sites)) {
		if release := s.sites[name].Release; release != loads.release.String() {
			asks = append(asks, fmt.Sprintf("site %s asks for %s", name, release))
		}
	}
	return asks, nil
}
