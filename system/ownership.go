package system

import (
	"maps"
	"slices"

	"github.com/wsgictl/wsgictl/store"
)

// A scope is what one plan is about: the paths of some sites. A path that is for
// other sites alone is left: it is carried over into the next generation as it is
// recorded, and is neither read nor changed, whatever became of it.
//
// A path belongs to the sites that own it. One that sites of several
// declarations own is shared, such as the file that loads mod_wsgi; it is in the
// scope of each plan of which a site needs it.
type scope struct {
	current  Generation
	wanted   map[string]Want    // compared with what is there
	left     map[string]Managed // carried over
	restores map[string]Managed // of the generation that a rollback goes back to; nil for any other plan
	sites    map[string]Site    // of the next generation
	others   []string           // those of them that the plan is not about, sorted
	notes    []string           // what a person should know of the plan

	isWithoutBeside bool // Apache is to load no mod_wsgictl, and a note says so
}

// scopeOf is the scope of a plan about the sites that are mine, of which nothing
// is wanted yet.
func (g Generation) scopeOf(mine func(site string) bool) *scope {
	s := &scope{current: g, wanted: map[string]Want{}, left: map[string]Managed{}, sites: map[string]Site{}}
	for name, site := range g.Sites {
		if !mine(name) {
			s.sites[name] = site
		}
	}
	s.others = slices.Sorted(maps.Keys(s.sites))
	for path, managed := range g.Managed {
		managed.Owners = slices.DeleteFunc(slices.Clone(managed.Owners), mine)
		if len(managed.Owners) > 0 {
			s.left[path] = managed
		}
	}
	return s
}

// want wants something for sites, and for those that own it already.
func (s *scope) want(all map[string]Want, owners ...string) {
	for path, want := range all {
		want.Owners = union(owners, s.wanted[path].Owners, s.left[path].Owners)
		s.wanted[path] = want
		delete(s.left, path)
	}
}

// share wants what is for every site.
func (s *scope) share(all map[string]Want) {
	s.want(all, slices.Collect(maps.Keys(s.sites))...)
}

// giveUp wants a path no longer, whoever it was for.
func (s *scope) giveUp(path string) {
	delete(s.wanted, path)
	delete(s.left, path)
}

// lookup is what is wanted at a path, by the plan or by the sites that it leaves.
func (s *scope) lookup(path string) (Want, bool) {
	if want, wanted := s.wanted[path]; wanted {
		return want, true
	}
	managed, left := s.left[path]
	return managed.Want, left
}

// all is what shall stand where, whoever it is for.
func (s *scope) all() map[string]Want {
	all := maps.Clone(s.wanted)
	for path, managed := range s.left {
		all[path] = managed.Want
	}
	return all
}

// compare finds what has to change.
func (s *scope) compare() (Difference, error) {
	managed := maps.Clone(s.current.Managed)
	maps.DeleteFunc(managed, func(path string, _ Managed) bool { _, left := s.left[path]; return left })
	return Compare(s.wanted, managed)
}

// disturbed are sites that the plan is not about, and a path of each that is no longer as
// it was applied: a person edited it, or disabled or removed the site, so that
// nobody can tell whether it is to answer.
func (s *scope) disturbed() map[string]string {
	sites := map[string]string{}
	for _, path := range slices.Sorted(maps.Keys(s.left)) {
		managed := s.left[path]
		if managed.Kind == store.Folder || managed.Line != "" {
			continue
		}
		if now, err := store.Read(path); err != nil || !now.Equal(managed.PathState) {
			for _, name := range managed.Owners {
				if _, known := sites[name]; !known && slices.Contains(s.others, name) {
					sites[name] = path // of several the configuration's, which comes before a2enmod's notes
				}
			}
		}
	}
	return sites
}

// IsShared tells whether a path is for sites of several declarations, before the
// plan or after it.
func (p *Plan) IsShared(path string) bool {
	return len(union(p.Before.FilesAt(path), p.Next.FilesAt(path))) > 1
}

// FilesAt are the declarations of the sites that own a path, sorted.
func (g Generation) FilesAt(path string) []string {
	owners := map[string]Site{}
	for _, name := range g.Managed[path].Owners {
		if site, known := g.Sites[name]; known {
			owners[name] = site
		}
	}
	return filesOf(owners)
}

// filesOf are the declarations of sites, sorted.
func filesOf(sites map[string]Site) []string {
	var files []string
	for _, site := range sites {
		files = append(files, site.File)
	}
	return union(files)
}

// union is what is in any of the lists, sorted.
func union(lists ...[]string) []string {
	all := slices.Concat(lists...)
	slices.Sort(all)
	return slices.Compact(all)
}
