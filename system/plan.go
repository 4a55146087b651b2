package system

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/wsgictl/wsgictl/templates"
)

// A Plan is what a transaction would do.
type Plan struct {
	Difference
	Next   Generation
	Before Generation // the generation in force

	file string // the declaration that is applied; empty when it is none
}

// IsEmpty tells that there is nothing to do.
func (p *Plan) IsEmpty() bool { return len(p.Changes) == 0 }

// A Takeover says what to do with files that a person edited or made.
type Takeover string

// The ways to take over.
const (
	Refuse    Takeover = ""          // leave them, and change nothing at all
	Adopt     Takeover = "adopt"     // keep their content from now on
	Overwrite Takeover = "overwrite" // put the declared content there
)

// Plan compares what a declaration wants with what is there.
func (m Manager) Plan(declaration Declaration, takeover Takeover) (*Plan, error) {
	current, err := m.Store.Current()
	if err != nil {
		return nil, err
	}
	if err := checkNames(current, declaration); err != nil {
		return nil, err
	}
	if err := declaration.refuseUses(); err != nil {
		return nil, err
	}
	d := declaring{Apache: m.Apache, Declaration: declaration, current: current, overwrite: takeover == Overwrite}
	d.others, d.sites = current.without(func(name string) bool { return current.Sites[name].File == declaration.File })
	d.all = maps.Clone(d.others)
	if err := d.declare(); err != nil {
		return nil, err
	}
	needed := d.needed()
	for _, site := range declaration.Sites {
		described := d.sites[site.Name]
		described.Trust = needed
		d.sites[site.Name] = described
	}
	limits, err := nextLimits(current.Limits, declaration)
	if err != nil {
		return nil, err
	}
	plan, err := m.planFor(current, d.all, d.sites, limits, "apply", takeover)
	if err != nil {
		return nil, err
	}
	plan.file = declaration.File
	return plan, nil
}

// PlanRemoval compares what is left without one site with what is there.
func (m Manager) PlanRemoval(site string, takeover Takeover) (*Plan, error) {
	current, err := m.Store.Current()
	if err != nil {
		return nil, err
	}
	if _, known := current.Sites[site]; !known {
		return nil, fmt.Errorf("no site %s: there is %s", site, listOf(slices.Sorted(maps.Keys(current.Sites))))
	}
	all, sites := current.without(func(name string) bool { return name == site })
	return m.planFor(current, all, sites, current.Limits, "remove "+site, takeover)
}

// PlanRollback compares a former generation with what is there: number 0 is
// the time before the first one, and -1 the one before that which is in force.
func (m Manager) PlanRollback(number int, takeover Takeover) (*Plan, error) {
	current, former, err := m.former(number)
	if err != nil {
		return nil, err
	}
	all := former.Wanted()
	if err := adoptEdited(all, current, takeover); err != nil {
		return nil, err
	}
	plan, err := m.planOf(current, all, fmt.Sprintf("rollback %d", former.Number), takeover)
	if err != nil {
		return nil, err
	}
	plan.Next.Sites, plan.Next.Limits, plan.Next.Mark, plan.Next.Restores = former.Sites, former.Limits, former.Mark, former.Number
	return plan, nil
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

// planFor adds what all sites have in common, and compares.
func (m Manager) planFor(current Generation, all map[string]Want, sites map[string]Site, limits Limits, command string, takeover Takeover) (*Plan, error) {
	limits, err := m.limits(all, sites, limits, current)
	if err != nil {
		return nil, err
	}
	if err := adoptEdited(all, current, takeover); err != nil {
		return nil, err
	}
	if err := m.noteTrust(all, sites); err != nil {
		return nil, err
	}
	mark, err := m.probe(all, sites, current)
	if err != nil {
		return nil, err
	}
	plan, err := m.planOf(current, all, command, takeover)
	if err != nil {
		return nil, err
	}
	plan.Next.Sites, plan.Next.Limits, plan.Next.Mark = sites, limits, mark
	return plan, nil
}

func (m Manager) planOf(current Generation, all map[string]Want, command string, takeover Takeover) (*Plan, error) {
	difference, err := Compare(all, current.Managed)
	if err != nil {
		return nil, err
	}
	if takeover != Refuse {
		difference.Conflicts = nil
	}
	for i := range difference.Changes {
		if err := m.Store.fill(&difference.Changes[i].After); err != nil {
			return nil, err
		}
	}
	return &Plan{Difference: difference, Before: current, Next: Generation{
		Number: current.Number + 1, Time: time.Now().Truncate(time.Second), Command: command, Managed: difference.Managed,
	}}, nil
}

// adoptEdited wants the content that persons gave to files, under wsgictl's
// first line, where that is asked for.
func adoptEdited(all map[string]Want, current Generation, takeover Takeover) error {
	if takeover != Adopt {
		return nil
	}
	difference, err := Compare(all, current.Managed)
	if err != nil {
		return err
	}
	for _, conflict := range difference.Conflicts {
		want, wanted := all[conflict.Path]
		if conflict.Current.Kind != File || conflict.Wanted.Kind != File || !wanted {
			return fmt.Errorf("adopt %s: there is %s where %s belongs", conflict.Path, conflict.Current, conflict.Wanted)
		}
		content := withFirstLine(withoutFirstLine(conflict.Current.content), " (with adopted content)")
		want.Entry, want.Adopted = NewFile(content, conflict.Wanted.Mode), true
		all[conflict.Path] = want
	}
	return nil
}

// without gives what a generation wants for its other sites.
func (g Generation) without(gone func(site string) bool) (map[string]Want, map[string]Site) {
	all, sites := map[string]Want{}, map[string]Site{}
	for name, site := range g.Sites {
		if !gone(name) {
			sites[name] = site
		}
	}
	for path, managed := range g.Managed {
		want := managed.Want
		want.Owners = slices.DeleteFunc(slices.Clone(want.Owners), gone)
		if len(want.Owners) > 0 {
			all[path] = want
		}
	}
	return all, sites
}

// probe wants the file by which a probe sees that the configuration is in use.
// Its mark stands for all else that is wanted.
func (a *Apache) probe(all map[string]Want, sites map[string]Site, current Generation) (mark string, err error) {
	if len(sites) == 0 {
		return "", nil
	}
	var lines strings.Builder
	for _, path := range slices.Sorted(maps.Keys(all)) {
		if path != a.config.file(probeName) {
			fmt.Fprintf(&lines, "%s %s %s %s\n", path, all[path].Kind, all[path].Target, all[path].Digest)
		}
	}
	mark = digest([]byte(lines.String()))[:32]
	text, err := templates.Probe(mark, a.closing())
	if err != nil {
		return "", err
	}
	a.wantShared(all, slices.Collect(maps.Keys(sites)), current, probeName, text, rankProbe)
	return mark, nil
}

const probeName = "wsgictl"

// checkNames refuses a site or a daemon that another wsgictl.toml declares,
// and a Python that the mod_wsgi of other sites is not for.
func checkNames(current Generation, d Declaration) error {
	for name, other := range current.Sites {
		if other.File == d.File || !isFile(other.File) {
			continue
		}
		for _, site := range d.Sites {
			if site.Name == name {
				return fmt.Errorf("site %s is declared by %s already: give it another name, or remove that one (wsgictl remove %s)", name, other.File, name)
			}
		}
		for _, daemon := range d.Daemons {
			if daemon.Name == other.Daemon {
				return fmt.Errorf("daemon %s is declared by %s already: give it another name", daemon.Name, other.File)
			}
		}
		if other.Python != d.Module.Python {
			return fmt.Errorf("one Apache has one mod_wsgi, and that one Python: site %s of %s needs Python %s, and here it is %s", name, other.File, other.Python, d.Module.Python)
		}
	}
	if len(d.Sites) == 0 && len(current.Sites) == 0 {
		return errors.New("no site is declared")
	}
	return nil
}

func listOf(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
