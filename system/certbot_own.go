package system

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/trust"
)

// checkCopy refuses to let certbot's copy of a site go while it has lines that a
// person wrote there, such as a rule of access: with the copy they would be gone. Where
// the site stays, with a certificate of its own, HTTPS would be another one for
// clients; where it goes too, a person may let them go.
func (m Manager) checkCopy(s *scope, c CertbotCopy, stays bool, takeover Takeover) error {
	if !stays && takeover == Overwrite {
		return nil
	}
	lines, err := m.linesByHand(s, c)
	if err != nil || len(lines) == 0 {
		return err
	}
	return &CopyByHand{File: c.File, Name: c.Site, Site: m.places.Site.File(c.Site), Lines: lines, Goes: !stays}
}

// A CopyByHand is a copy of certbot's with lines of a person.
type CopyByHand struct {
	File, Name, Site string // the copy, the site's name, and the site's own file
	Lines            []string
	Goes             bool // the site itself goes
}

func (e *CopyByHand) Error() string {
	said, remedy := e.File+" has lines that would go with it, and that the site never had", fmt.Sprintf("Write them into %s, and keep them with --adopt; or take them out of certbot's file", e.Site)
	if e.Goes {
		said = fmt.Sprintf("%s goes with site %s, and has lines that the site never had", e.File, e.Name)
		remedy = "Save elsewhere what is to be kept of them, and let them go with --overwrite"
	}
	return fmt.Sprintf("%s:\n    %s\n%s", said, strings.Join(e.Lines, "\n    "), remedy)
}

// linesByHand are those of certbot's copy that neither certbot nor the site's own
// file gave it, whenever the copy was made.
func (m Manager) linesByHand(s *scope, c CertbotCopy) ([]string, error) {
	copied, err := m.copiedText(s, c)
	if err != nil {
		return nil, fmt.Errorf("read certbot's virtual host: %w", err)
	}
	path, known := m.places.Site.File(c.Site), map[string]bool{}
	add := func(want Want) error {
		text, declared, err := m.texts(want)
		for line := range strings.Lines(text + "\n" + declared) {
			known[strings.TrimSpace(line)] = true
		}
		return err
	}
	generations, err := m.History.Generations()
	if err != nil {
		return nil, err
	}
	for _, g := range generations {
		if managed, ok := g.Managed[path]; ok && managed.Kind == store.File {
			if err := add(managed.Want); err != nil {
				return nil, err
			}
		}
	}
	if want, wanted := s.wanted[path]; wanted && want.Kind == store.File {
		if err := add(want); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(linesWithin(copied), func(line string) bool { return known[line] }), nil
}

// copiedText is what certbot's copy holds, or held when it was put aside with a site
// that is disabled.
func (m Manager) copiedText(s *scope, c CertbotCopy) (string, error) {
	for _, path := range []string{c.enabled, c.File} {
		if text, err := trust.ReadFile(path, stagedLimit); err == nil || !store.IsAbsent(err) {
			return string(text), err
		}
	}
	aside := s.current.Managed[c.enabled].Original
	err := m.History.Fill(&aside)
	return string(aside.Content), err
}

// linesWithin are the lines of certbot's copy, but for comments, certbot's own, and the
// frame that it makes: a virtual host, where mod_ssl is loaded.
func linesWithin(text string) []string {
	var lines []string
	for line, inside := range linesWithoutCertbots(text) {
		isFrame := !inside && (line == "<IfModule mod_ssl.c>" || line == "</IfModule>")
		if !isFrame && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	return lines
}
