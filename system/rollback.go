package system

import (
	"fmt"
	"reflect"
	"slices"
)

// PlanRollback compares a former generation with what is there: number 0 is
// the time before the first one, and -1 the one before that which is in force.
// It is about the declarations that have changed since; what is for others alone
// is left as it is.
func (m Manager) PlanRollback(number int, takeover Takeover) (*Plan, error) {
	current, former, err := m.former(number)
	if err != nil {
		return nil, err
	}
	changed := changedSince(former, current)
	s := &scope{current: current, wanted: map[string]Want{}, left: map[string]Managed{}, sites: former.Sites}
	for path, managed := range former.Managed {
		now, still := current.Managed[path]
		isChanged := func(file string) bool { return slices.Contains(changed, file) }
		if still && managed.Entry.Equal(now.Entry) && !slices.ContainsFunc(former.FilesAt(path), isChanged) {
			s.left[path] = Managed{Want: managed.Want, Original: now.Original}
		} else {
			s.wanted[path] = managed.Want
		}
	}
	for name, site := range former.Sites {
		if !slices.Contains(changed, site.File) {
			s.others = append(s.others, name)
		}
	}
	slices.Sort(s.others)
	if err := adoptEdited(s, takeover); err != nil {
		return nil, err
	}
	next := Generation{Command: fmt.Sprintf("rollback %d", former.Number), Limits: former.Limits, Mark: former.Mark, Restores: former.Number}
	return m.planOf(s, next, takeover)
}

// former finds the generation to go back to.
func (m Manager) former(number int) (current, former Generation, err error) {
	all, err := m.Store.Generations()
	if err != nil {
		return Generation{}, Generation{}, err
	}
	all = append([]Generation{{}}, all...)
	current = all[len(all)-1]
	if number < 0 {
		inForce := current.Number
		if current.isRollback() {
			inForce = current.Restores
		}
		number = inForce - 1
	}
	for _, g := range all {
		if g.Number == number {
			return current, g, nil
		}
	}
	return current, Generation{}, fmt.Errorf("no generation %d: \"wsgictl history\" lists them", number)
}

// changedSince are the declarations of which something alone is another in the
// one generation than in the other.
func changedSince(former, current Generation) []string {
	var changed []string
	for _, file := range union(filesOf(former.Sites), filesOf(current.Sites)) {
		if !reflect.DeepEqual(former.sitesOf(file), current.sitesOf(file)) || filesDiffer(former, current, file) {
			changed = append(changed, file)
		}
	}
	return changed
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
		if len(is) == 1 && alone(is) && alone(was) && !former.Managed[path].Entry.Equal(current.Managed[path].Entry) {
			return true
		}
	}
	return false
}
