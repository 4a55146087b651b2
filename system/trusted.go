package system

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"sync"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/trust"
)

// A use is a file or folder that decides what is done as root.
type use struct {
	path   string
	what   string // "the log folder of site shop"
	why    string // what its owner could do: "Apache writes there as root"
	remedy string // what makes it root's alone

	log bool // a folder that logs are written to
}

// refuse is an error about each use that somebody could change who is not
// trusted; it wraps a [trust.Untrusted].
func refuse(uses []use, trusted trust.Trustees) error {
	var all []error
	for _, u := range uses {
		if err := trusted.Accept(u.way()); err != nil {
			all = append(all, u.refusal(err))
		}
	}
	return errors.Join(all...)
}

// way leads to what is used, also where that is not there yet.
func (u use) way() trust.Way {
	way, _ := trust.LookForUse(u.path) // what cannot be looked at further cannot be used either
	if u.log {
		way = audit.WayToLogs(way)
	}
	return way
}

func (u use) refusal(err error) error {
	return fmt.Errorf("%s is not root's alone, and %s: %w; %s%s", u.what, u.why, err, u.remedy, trust.AtOwnRisk(err))
}

// refuseUses refuses what Apache would use as root because of a declaration
// and somebody could change whom it does not name.
func (d Declaration) refuseUses() error {
	trusted, err := trust.Deciders().And(d.Trust...)
	if err != nil {
		return err
	}
	return refuse(d.uses(), trusted)
}

// noteNeeded remembers of each site who is trusted for it.
func (d *declaring) noteNeeded() {
	needed := d.needed()
	for _, site := range d.Sites {
		described := d.sites[site.Name]
		described.Trust = needed
		d.sites[site.Name] = described
	}
}

// needed are those whom a declaration names and who can change something that
// Apache uses as root, because of it or by the configuration in force.
func (d *declaring) needed() []string {
	if len(d.Trust) == 0 {
		return nil
	}
	var ways []trust.Way
	for _, u := range append(d.Declaration.uses(), d.Apache.uses()...) {
		ways = append(ways, u.way())
	}
	for _, exposed := range exposedBy(d.view(d.live, nil)) {
		ways = append(ways, exposed.Way)
	}
	able := map[int]bool{}
	for _, way := range ways {
		accounts, _ := way.Accounts()
		for _, account := range accounts {
			able[account.UID] = true
		}
	}
	names := slices.DeleteFunc(slices.Clone(d.Trust), func(name string) bool {
		uid, err := trust.UIDOf(name)
		return err != nil || !able[uid]
	})
	slices.Sort(names)
	return slices.Compact(names)
}

// noteTrust says in the file that loads mod_wsgi who, beside root, can change
// what Apache uses as root.
func (m Manager) noteTrust(s *scope) error {
	path := m.places.Load.File(m.places.Name)
	want, loads := s.lookup(path)
	if !loads || want.Adopted || want.Patch != nil {
		return nil
	}
	if err := m.History.Fill(&want.PathState); err != nil {
		return err
	}
	before := withoutFirstLine(want.Content)
	text := trustLine().ReplaceAllString(before, "")
	for _, name := range slices.Backward((Generation{Sites: s.sites}).Trusts("")) {
		text = fmt.Sprintf(trustComment, name) + text
	}
	if text == before {
		return nil
	}
	want.PathState = store.NewFile(withFirstLine(text, ""), want.Mode)
	s.share(map[string]Want{path: want})
	return nil
}

const trustComment = "# --trust %s: this account can change what Apache uses as root, and so become root.\n"

var trustLine = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^# --trust .*\n`) })
