package system

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/modwsgi"
)

// PlanRollback compares a former generation with what is there: number 0 is
// the time before the first one, and -1 the one before the last change. It is
// about the declarations that have changed since; what is for others alone is
// left as it is. Where a file is named it is about that declaration alone.
func (m Manager) PlanRollback(number int, file string, takeover Takeover) (*Plan, error) {
	current, former, err := m.former(number, file)
	if err != nil {
		return nil, err
	}
	next := Generation{Command: fmt.Sprintf("rollback %d", former.Number), Restores: former.Number, Of: file}
	if file != "" {
		return m.planRollbackOf(current, former, next, takeover)
	}
	s := current.scopeOfRollback(former)
	if err := m.keepEdits(s, takeover); err != nil {
		return nil, err
	}
	if err := m.keepCertbot(s, takeover); err != nil {
		return nil, err
	}
	next.Limits, next.Mark = former.Limits, former.Mark
	return m.planOf(s, next, takeover)
}

// scopeOfRollback wants all that a former generation has, but for what is for
// declarations alone that have not changed since.
func (g Generation) scopeOfRollback(former Generation) *scope {
	changed := changedSince(former, g)
	isChanged := func(file string) bool { return slices.Contains(changed, file) }
	s := &scope{current: g, wanted: map[string]Want{}, left: map[string]Managed{}, sites: former.Sites, restores: former.Managed}
	for path, managed := range former.Managed {
		now, still := g.Managed[path]
		if still && managed.PathState.Equal(now.PathState) && !slices.ContainsFunc(former.FilesAt(path), isChanged) {
			s.left[path] = Managed{Want: managed.Want, Original: now.Original}
		} else {
			s.wanted[path] = managed.Want
		}
	}
	if len(changed) > 0 {
		s.notes = append(s.notes, fmt.Sprintf("This goes back to generation %d for %s.", former.Number, strings.Join(changed, ", ")))
	}
	for _, name := range slices.Sorted(maps.Keys(former.Sites)) {
		if !isChanged(former.Sites[name].File) {
			s.others = append(s.others, name)
		}
	}
	return s
}

// planRollbackOf goes back for one declaration. What it shares with others stays
// as it is, above all mod_wsgi.
func (m Manager) planRollbackOf(current, former, next Generation, takeover Takeover) (*Plan, error) {
	s := current.scopeOf(func(name string) bool { return current.Sites[name].File == next.Of })
	s.restores = former.Managed
	if err := m.keepModule(s); err != nil {
		return nil, err
	}
	for name, site := range former.sitesOf(next.Of) {
		if other, taken := s.sites[name]; taken {
			return nil, fmt.Errorf("site %s is declared by %s meanwhile", name, other.File)
		}
		s.sites[name] = site
	}
	_, served := s.left[m.places.Load.File(m.places.Name)]
	for path, managed := range former.Managed {
		owners := slices.DeleteFunc(slices.Clone(managed.Owners), func(name string) bool { return former.Sites[name].File != next.Of })
		if left, others := s.left[path]; others {
			left.Owners = union(left.Owners, owners)
			s.left[path] = left
		} else if len(owners) > 0 && !(served && modwsgi.IsCopy(path)) {
			s.want(map[string]Want{path: managed.Want}, owners...)
		}
	}
	limits := current.Limits
	if former.Limits.File == next.Of || limits.File == next.Of {
		limits = former.Limits
	}
	plan, err := m.planFor(s, limits, next.Command, takeover)
	if err != nil {
		return nil, err
	}
	plan.Next.Restores, plan.Next.Of = next.Restores, next.Of
	return plan, nil
}

// RollbackFile is the declaration to go back for, as [Manager.PlanRollback] takes it:
// the one named, or else empty for all that have changed since a generation. Several go
// back only where that is said.
func (m Manager) RollbackFile(number int, named string, all bool) (string, error) {
	if named != "" {
		file, err := filepath.Abs(named)
		if err != nil {
			return "", err
		}
		current, err := m.History.Current()
		return current.KnownAs(file), err
	}
	undone, err := m.undone(number)
	if err == nil && len(undone) > 1 && !all {
		err = fmt.Errorf("that would undo changes of several projects (%s): go back for one of them with --file FILE, or for all with --all", strings.Join(undone, ", "))
	}
	return "", err
}

// undone are the declarations that have changed since a generation, so that going back
// is about them.
func (m Manager) undone(number int) ([]string, error) {
	current, former, err := m.former(number, "")
	return changedSince(former, current), err
}

// former finds the generation to go back to.
func (m Manager) former(number int, file string) (current, former Generation, err error) {
	all, err := m.History.Generations()
	if err != nil {
		return Generation{}, Generation{}, err
	}
	all = append([]Generation{{}}, all...)
	if current, err = m.Current(); err != nil {
		return Generation{}, Generation{}, err
	}
	for i := range all {
		all[i] = all[i].renamed(current)
	}
	if number < 0 {
		number = beforeLastChange(all, file)
	}
	for _, g := range all {
		if g.Number == number {
			return current, g, nil
		}
	}
	switch {
	case number < 0 && file != "" && !slices.ContainsFunc(all, func(g Generation) bool { return len(g.sitesOf(file)) > 0 }):
		return current, Generation{}, fmt.Errorf("%s was not applied: \"wsgictl history\" lists what was", file)
	case number < 0:
		return current, Generation{}, errors.New("nothing is left to undo: \"wsgictl history\" lists what was done")
	}
	return current, Generation{}, fmt.Errorf("no generation %d: \"wsgictl history\" lists them", number)
}

// renamed is the generation with those declarations by their names of now that were
// renamed since: a site whose declaration is gone is that of the file that declares it now.
func (g Generation) renamed(current Generation) Generation {
	g.Sites = maps.Clone(g.Sites)
	for name, site := range g.Sites {
		now, still := current.Sites[name]
		if still && now.File != site.File && !isFile(site.File) {
			site.File = now.File
			g.Sites[name] = site
		}
	}
	return g
}

// beforeLastChange is the number of the generation before the last change, of a
// declaration where a file is named; -1 where there is none. A rollback is no
// change, so that one goes back step by step.
func beforeLastChange(all []Generation, file string) int {
	last := lastChange(all, len(all)-1, file)
	for g := all[last]; g.isRollback() && (g.Of == "" || g.Of == file); g = all[last] {
		restored := slices.IndexFunc(all[:last], func(former Generation) bool { return former.Number == g.Restores })
		last = lastChange(all, max(restored, 0), file)
	}
	return all[last].Number - 1
}

// lastChange is the last of the first generations that made something another, of a
// declaration where a file is named.
func lastChange(all []Generation, last int, file string) int {
	isSame := func(a, b Generation) bool {
		if file != "" {
			return !differ(a, b, file)
		}
		return reflect.DeepEqual(a.Sites, b.Sites) && maps.EqualFunc(a.Managed, b.Managed, func(x, y Managed) bool { return x.PathState.Equal(y.PathState) })
	}
	for last > 0 && isSame(all[last-1], all[last]) {
		last--
	}
	return last
}

// changedSince are the declarations that differ.
func changedSince(former, current Generation) []string {
	var changed []string
	for _, file := range union(filesOf(former.Sites), filesOf(current.Sites)) {
		if differ(former, current, file) {
			changed = append(changed, file)
		}
	}
	return changed
}

// differ tells whether something of a declaration alone is another in the one
// generation than in the other.
func differ(former, current Generation, file string) bool {
	return !reflect.DeepEqual(former.sitesOf(file), current.sitesOf(file)) || filesDiffer(former, current, file)
}

// sitesOf are the sites of a declaration.
func (g Generation) sitesOf(file string) map[string]Site {
	sites := map[string]Site{}
	for name, site := range g.Sites {
		if site.File == file {
			sites[name] = site
		}
	}
	return sites
}

// filesDiffer tells whether a path that is for sites of a declaration alone is
// another.
func filesDiffer(former, current Generation, file string) bool {
	alone := func(files []string) bool { return len(files) == 0 || len(files) == 1 && files[0] == file }
	for path := range current.Managed {
		was, is := former.FilesAt(path), current.FilesAt(path)
		if len(is) == 1 && alone(is) && alone(was) && !former.Managed[path].PathState.Equal(current.Managed[path].PathState) {
			return true
		}
	}
	return false
}
