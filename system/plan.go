package system

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/templates"
)

// A Plan is what a transaction would do.
type Plan struct {
	Difference
	Next   Generation
	Before Generation // the generation in force

	ForOthers []string // what becomes of sites that the plan is not about; a person has to agree to it

	Notes []string // what else a person should know

	others    []string          // sites that it is not about
	disturbed map[string]string // sites that the plan leaves, and a path of each that is not as it was applied
}

// IsEmpty tells that there is nothing to do.
func (p *Plan) IsEmpty() bool { return len(p.Changes) == 0 && len(p.moved()) == 0 }

// moved are the sites that another declaration has than before, as when its file was
// renamed, sorted.
func (p *Plan) moved() []string {
	var names []string
	for name, site := range p.Next.Sites {
		if before, known := p.Before.Sites[name]; known && before.File != site.File {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// A Takeover says what to do with files that a person edited or made.
type Takeover string

// The ways to take over.
const (
	Refuse    Takeover = ""          // leave them, and change nothing at all
	Adopt     Takeover = "adopt"     // keep their content from now on
	Overwrite Takeover = "overwrite" // put the declared content there
)

// Plan compares what a declaration wants with what is there. A patch of a person's that
// no longer fits is a [*Misfit], a copy of certbot's that would go with a person's lines a
// [*CopyByHand].
func (m Manager) Plan(declaration Declaration, takeover Takeover) (*Plan, error) {
	current, err := m.Current()
	if err != nil {
		return nil, err
	}
	if err := checkNames(current, declaration); err != nil {
		return nil, err
	}
	if err := declaration.refuseUses(); err != nil {
		return nil, err
	}
	s := current.scopeOf(declaration.owns(current))
	if err := m.keepModule(s); err != nil {
		return nil, err
	}
	d := declaring{Manager: m, Declaration: declaration, scope: s}
	if err := d.declare(); err != nil {
		return nil, err
	}
	limits, err := nextLimits(current.Limits, declaration)
	if err != nil {
		return nil, err
	}
	return m.planFor(s, limits, "apply", takeover)
}

// PlanRemoval compares what is left without one site with what is there.
func (m Manager) PlanRemoval(site string, takeover Takeover) (*Plan, error) {
	current, err := m.Current()
	if err != nil {
		return nil, err
	}
	if _, known := current.Sites[site]; !known {
		return nil, fmt.Errorf("no site %s: there is %s", site, listOf(slices.Sorted(maps.Keys(current.Sites))))
	}
	s := current.scopeOf(func(name string) bool { return name == site })
	if err := m.keepModule(s); err != nil {
		return nil, err
	}
	return m.planFor(s, current.Limits, "remove "+site, takeover)
}

// planFor adds what all sites have in common, and compares.
func (m Manager) planFor(s *scope, limits Limits, command string, takeover Takeover) (*Plan, error) {
	limits, err := m.limits(s, limits)
	if err != nil {
		return nil, err
	}
	if err := m.noteTrust(s); err != nil {
		return nil, err
	}
	if err := m.keepEdits(s, takeover); err != nil {
		return nil, err
	}
	if err := m.keepCertbot(s, takeover); err != nil {
		return nil, err
	}
	mark, err := m.probe(s)
	if err != nil {
		return nil, err
	}
	if path := m.places.Config.File(probeName); mark != "" {
		if err := m.keepEdit(s, path, takeover); err != nil {
			return nil, err
		}
	}
	return m.planOf(s, Generation{Command: command, Limits: limits, Mark: mark}, takeover)
}

func (m Manager) planOf(s *scope, next Generation, takeover Takeover) (*Plan, error) {
	if err := m.leaveUsedModules(s); err != nil {
		return nil, err
	}
	difference, err := s.compare()
	if err != nil {
		return nil, err
	}
	if err := m.keepDisabled(s, &difference, takeover); err != nil {
		return nil, err
	}
	if err := m.dropEnabled(s, &difference); err != nil {
		return nil, err
	}
	m.tellOwnGroups(s, &difference)
	switch takeover {
	case Overwrite:
		difference.Conflicts = nil
	case Adopt: // what ends would be lost by it, and a second declaration of a group refused by Apache
		difference.Conflicts = slices.DeleteFunc(difference.Conflicts, func(c Conflict) bool { return !c.Ends && c.Group == "" })
	}
	for i := range difference.Changes {
		if err := m.History.Fill(&difference.Changes[i].After); err != nil {
			return nil, err
		}
	}
	next.Number, next.Time = s.current.Number+1, time.Now().Truncate(time.Second)
	next.Sites, next.Managed = s.sites, maps.Clone(difference.Managed)
	maps.Copy(next.Managed, s.left)
	forOthers, err := m.moduleForOthers(s, next)
	if err != nil {
		return nil, err
	}
	if len(difference.Changes) > 0 {
		if err := m.noteReload(s, next); err != nil {
			return nil, err
		}
	}
	plan := &Plan{
		Difference: difference, Before: s.current, Next: next,
		ForOthers: forOthers, Notes: s.notes, others: s.others, disturbed: s.disturbed(),
	}
	for _, name := range plan.moved() {
		plan.Notes = append(plan.Notes, fmt.Sprintf("Site %s, which %s declared, is declared by %s from now on.", name, s.current.Sites[name].File, next.Sites[name].File))
	}
	return plan, nil
}

// probe wants the file by which a probe sees that the configuration is in use.
// Its mark stands for all else that is wanted.
func (m Manager) probe(s *scope) (mark string, err error) {
	if len(s.sites) == 0 {
		return "", nil
	}
	lines, err := m.asks(s)
	if err != nil {
		return "", err
	}
	all, own := s.all(), m.serverFile(s, probeName, "", rankProbe) // own paths may be wanted already, by whoever else
	for _, path := range slices.Sorted(maps.Keys(all)) {
		if _, ours := own[path]; !ours {
			lines = append(lines, fmt.Sprintf("%s %s %s %s", path, all[path].Kind, all[path].Target, all[path].ownDigest()))
		}
	}
	mark = store.Digest([]byte(strings.Join(lines, "\n") + "\n"))[:32]
	text, err := templates.Probe(mark)
	if err != nil {
		return "", err
	}
	s.share(m.serverFile(s, probeName, text, rankProbe))
	return mark, nil
}

const probeName = "wsgictl"

// owns tells which sites the plan of a declaration is about: those that it
// declares, which no other declaration has then, and those that it was applied
// for.
func (d Declaration) owns(current Generation) func(site string) bool {
	return func(name string) bool {
		return current.Sites[name].File == d.File && !d.Partly || slices.ContainsFunc(d.Sites, func(s templates.Site) bool { return s.Name == name })
	}
}

// checkNames refuses a site or a daemon that another wsgictl.toml declares,
// and a Python that the mod_wsgi of other sites is not for.
func checkNames(current Generation, d Declaration) error {
	for _, daemon := range d.Daemons {
		if reservedName().MatchString(daemon.Name) {
			return fmt.Errorf("daemon %s: wsgictl keeps what is for the whole server in a file of that name (%s.conf): give the site, and so its daemon process group, another name", daemon.Name, probeName+"-"+daemon.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(current.Sites)) {
		other := current.Sites[name]
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
		if len(d.Sites) > 0 && other.Python != d.Module.Python {
			return fmt.Errorf("one Apache has one mod_wsgi, and that one Python: site %s of %s needs Python %s, and here it is %s; make this virtualenv with Python %[3]s (python%[3]s -m venv --clear DIR), and install its packages again", name, other.File, other.Python, d.Module.Python)
		}
	}
	if len(d.Sites) == 0 && len(current.Sites) == 0 {
		return errors.New("no site is declared")
	}
	return nil
}

// reservedName is one whose file, beside the daemon process groups', is for the
// whole server.
var reservedName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(limits|listen-[0-9]+)$`) })

func listOf(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
