package system

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/trust"
)

// checkCopies refuses to let certbot's copy of a site go for a certificate of the
// site's own while it has lines that a person wrote there, such as a rule of access:
// with the copy they would be gone, and HTTPS would be another one for clients.
func (m Manager) checkCopies(s *scope) error {
	for _, name := range slices.Sorted(maps.Keys(s.sites)) {
		site, path := s.sites[name], m.site.file(name)
		want, wanted := s.wanted[path]
		c, there := m.certbotCopy(name)
		if !there || !wanted || !site.isHTTPS() {
			continue
		}
		lines, err := m.linesByHand(c, path, want)
		if err != nil {
			return err
		}
		if len(lines) > 0 {
			return &CopyByHand{File: c.File, Site: path, Lines: lines}
		}
	}
	return nil
}

// A CopyByHand is a copy of certbot's with lines of a person.
type CopyByHand struct {
	File, Site string // the copy, and the site's own file
	Lines      []string
}

func (e *CopyByHand) Error() string {
	return fmt.Sprintf("%s has lines that would go with it, and that the site never had:\n    %s\nWrite them into %s, and keep them with --adopt; or take them out of certbot's file",
		e.File, strings.Join(e.Lines, "\n    "), e.Site)
}

// linesByHand are those of certbot's copy that neither certbot nor the site's own
// file gave it, whenever the copy was made.
func (m Manager) linesByHand(c CertbotCopy, path string, want Want) ([]string, error) {
	copied, err := trust.ReadFile(c.enabled, stagedLimit)
	if err != nil {
		return nil, fmt.Errorf("read certbot's virtual host: %w", err)
	}
	known := map[string]bool{}
	add := func(want Want) error {
		text, declared, err := m.texts(want)
		for line := range strings.Lines(text + "\n" + declared) {
			known[strings.TrimSpace(line)] = true
		}
		return err
	}
	generations, err := m.Store.Generations()
	if err != nil {
		return nil, err
	}
	for _, g := range generations {
		if managed, ok := g.Managed[path]; ok && managed.Kind == File {
			if err := add(managed.Want); err != nil {
				return nil, err
			}
		}
	}
	if err := add(want); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(hostLines(string(copied)), func(line string) bool { return known[line] || strings.HasPrefix(line, "#") }), nil
}
