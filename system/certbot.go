package system

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/store"
)

// Current is the generation in force, with what certbot has added to its files
// since. While certbot is at work the error wraps [ErrCertbotRuns].
func (m Manager) Current() (Generation, error) {
	g, err := m.History.Current()
	if err != nil {
		return g, err
	}
	g.Managed = maps.Clone(g.Managed)
	for name, site := range g.Sites {
		path := m.places.Site.File(name)
		if managed, known := g.Managed[path]; known && managed.Kind == store.File {
			managed.found = managed.certbot()
			if g.Managed[path], err = m.recognise(path, managed, name, site); err != nil {
				return Generation{}, err
			}
		}
	}
	return g, nil
}

// recognise gives what is managed as certbot has left it.
func (m Manager) recognise(path string, managed Managed, name string, site Site) (Managed, error) {
	current, err := store.Read(path)
	if err != nil || current.Kind != store.File || current.Equal(managed.PathState) || current.Mode != managed.Mode || current.UID != managed.UID || current.GID != managed.GID {
		return managed, nil //nolint:nilerr // what cannot be read is told by what compares it
	}
	if _, copied := m.certbotCopy(name); !copied && !site.isHTTPS() && managed.Certbot == nil {
		return managed, nil
	}
	if challengeLine().Match(current.Content) {
		return managed, fmt.Errorf("%s: %w; where it was killed, \"certbot renew\" puts that right", path, ErrCertbotRuns)
	}
	text, _, err := m.texts(managed.Want)
	if err != nil {
		return managed, err
	}
	added, rest := certbotEdit(text, withoutFirstLine(current.Content))
	managed.found = added
	if sameLines(rest, text) {
		own := managed.ownDigest()
		managed.PathState, managed.Certbot = current, nil
		if len(added) > 0 {
			managed.Certbot = &CertbotLines{Lines: added, Without: own}
		}
	}
	return managed, nil
}

// keepCertbot keeps certbot's lines in the files of sites as long as its copy
// serves their HTTPS. Where a site has a certificate of its own or is gone, the
// copy goes. For a rollback it comes back.
func (m Manager) keepCertbot(s *scope, takeover Takeover) error {
	given := m.keepRetired(s)
	for _, name := range union(slices.Collect(maps.Keys(s.sites)), slices.Collect(maps.Keys(s.current.Sites))) {
		site, stays := s.sites[name]
		path := m.places.Site.File(name)
		if want, wanted := s.wanted[path]; stays && wanted && want.Kind == store.File {
			lines := m.linesFor(s, name, site, given[name])
			if err := m.putLines(&want, s.current.Managed[path], lines); err != nil {
				return err
			}
			s.wanted[path] = want
		}
		_, left := s.left[path]
		c, kept := m.keptCopy(s, name)
		switch {
		case left || !kept:
		case stays && site.Disabled:
			s.want(map[string]Want{c.enabled: {Rank: rankCopyLink, Replaces: true}}, name)
		case !stays || site.isHTTPS():
			if err := m.checkCopy(s, c, stays, takeover); err != nil {
				return err
			}
			m.retire(s, c)
		}
	}
	return nil
}

// linesFor are the lines of certbot that a site's file is to hold: those that are
// there, or that come back with its copy.
func (m Manager) linesFor(s *scope, name string, site Site, given []string) []string {
	found := s.current.Managed[m.places.Site.File(name)].found
	switch c, serves := m.keptCopy(s, name); {
	case site.isHTTPS():
		return nil
	case len(given) > 0:
		return given
	case !serves && len(found) > 0:
		s.notes = append(s.notes, fmt.Sprintf("The redirect to HTTPS that certbot wrote for site %s goes: %s, to which it led, is no longer there.", name, c.enabled))
		return nil
	}
	return found
}

// keptCopy is certbot's copy for a site, also where it is away as long as the site is
// disabled.
func (m Manager) keptCopy(s *scope, name string) (c CertbotCopy, kept bool) {
	if c, there := m.certbotCopy(name); there {
		return c, true
	}
	c = m.certbotPaths(name)
	known, held := s.current.Managed[c.enabled]
	return c, held && known.Kind == store.Absent && !known.Retired
}

// The ranks of certbot's copy, which is enabled no longer before it goes.
const (
	rankCopyLink = rankSite + 3
	rankCopy     = rankSite + 4
)

// retire wants certbot's copy to go for good.
func (m Manager) retire(s *scope, c CertbotCopy) {
	link := Want{Rank: rankCopyLink, Replaces: true, Retired: true}
	retired := Want{Rank: rankCopy, Replaces: true, Retired: true}
	if lines := s.current.Managed[m.places.Site.File(c.Site)].found; len(lines) > 0 {
		retired.Certbot = &CertbotLines{Lines: lines}
		link.Certbot = retired.Certbot
	}
	s.want(map[string]Want{c.enabled: link, c.File: retired}, c.Site)
}

// putLines has a file hold those lines of certbot, and no others.
func (m Manager) putLines(want *Want, last Managed, lines []string) error {
	if slices.Equal(want.certbot(), lines) {
		return nil
	}
	text, _, err := m.texts(*want)
	if err != nil {
		return err
	}
	want.Certbot = nil
	if want.setText(text); len(lines) == 0 {
		return nil
	}
	want.Certbot = &CertbotLines{Lines: lines, Without: want.Digest}
	want.setText(text)
	there := last.PathState
	if err := m.History.Fill(&there); err != nil {
		return err
	}
	if sameLines(withoutFirstLine(there.Content), withoutFirstLine(want.Content)) && there.Mode == want.Mode {
		want.PathState = there // whose first line is older
	}
	return nil
}

// keepRetired wants certbot's copies to stay away that were taken over. One that
// certbot made anew is a new one, and those that a rollback gives back come with
// the lines of their sites.
func (m Manager) keepRetired(s *scope) (given map[string][]string) {
	given = map[string][]string{}
	s.current.Managed = maps.Clone(s.current.Managed)
	for path, managed := range s.current.Managed {
		_, wanted := s.wanted[path]
		_, left := s.left[path]
		if !managed.Retired || wanted || left {
			continue
		}
		owner := strings.Join(managed.Owners, "")
		site, there := s.sites[owner]
		current, err := store.Read(path)
		switch {
		case err == nil && current.Kind != store.Absent:
			delete(s.current.Managed, path)
		case s.restores != nil && there && !site.isHTTPS():
			given[owner] = managed.certbot()
		default:
			s.want(map[string]Want{path: managed.Want}, managed.Owners...)
		}
	}
	return given
}

// ErrCertbotRuns says that certbot changes the configuration at this moment.
var ErrCertbotRuns = errors.New("certbot is at work on this Apache: run it again when it has finished")

// checkCertbotRuns is an error while certbot has the lock that it takes in the
// server root, since it puts back files as they were before.
func (a *Apache) checkCertbotRuns() error {
	lock, err := os.Open(filepath.Join(a.ServerRoot, ".certbot.lock"))
	if err != nil {
		return nil //nolint:nilerr // there is none while it does not run
	}
	defer lock.Close()
	query := unix.Flock_t{Type: unix.F_WRLCK}
	if err := unix.FcntlFlock(lock.Fd(), unix.F_GETLK, &query); err == nil && query.Type != unix.F_UNLCK {
		return ErrCertbotRuns
	}
	return nil
}
