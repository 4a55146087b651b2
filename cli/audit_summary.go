package cli

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/wsgi"
)

// siteSummary is what there is to say of one site in a line.
type siteSummary struct {
	name, file string
	modes      []string
	counts     [audit.Error + 1]int
	rules      []string // ids, worst first
}

// writeSummary prints a line for each site: how its applications run, and what
// was found there; the verdict first and the count last.
func writeSummary(out io.Writer, t findingsText, colours palette) error {
	var b strings.Builder
	relative := seenFromHere()
	b.WriteString(colours.bold(verdictInShort(t, relative)) + "\n")
	sites := summarize(t, relative)
	var widths [4]int
	for _, s := range sites {
		for i, cell := range s.cells() {
			widths[i] = max(widths[i], visible(cell))
		}
	}
	for _, s := range sites {
		line := ""
		for i, cell := range s.cells() {
			line += cell + strings.Repeat(" ", widths[i]-visible(cell)+2)
		}
		b.WriteString(strings.TrimRight(line+strings.Join(s.rules, " "), " ") + "\n")
	}
	b.WriteString(countLine(t, colours))
	_, err := io.WriteString(out, b.String())
	return err
}

// Bounds of the columns, so that one long name moves no other line: in characters,
// and in modes.
const (
	nameWidth  = 32
	fileWidth  = 36
	modesShown = 2
)

// cells are what stands below one another.
func (s *siteSummary) cells() [4]string {
	modes := s.modes[:min(modesShown, len(s.modes))]
	if rest := len(s.modes) - len(modes); rest > 0 {
		modes = append(slices.Clone(modes), fmt.Sprintf("and %d more", rest))
	}
	for i, mode := range modes {
		modes[i] = cutEnd(mode, nameWidth)
	}
	return [4]string{
		cutEnd(s.name, nameWidth), cutBegin(s.file, fileWidth), cmp.Or(strings.Join(modes, ", "), "-"), cmp.Or(severityCounts(s.counts), "fine"),
	}
}

// cutEnd leaves the first characters of a text.
func cutEnd(text string, width int) string {
	if letters := []rune(text); len(letters) > width {
		return string(letters[:width-1]) + "…"
	}
	return text
}

// cutBegin leaves the last characters, which tell files apart.
func cutBegin(text string, width int) string {
	if letters := []rune(text); len(letters) > width {
		return "…" + string(letters[len(letters)-width+1:])
	}
	return text
}

// summarize puts applications and findings to their sites, in the order of the
// text. Sites of one name in two files are two.
func summarize(t findingsText, relative func(string) string) []*siteSummary {
	var sites []*siteSummary
	type key struct{ name, file string }
	byName := map[key]*siteSummary{}
	site := func(name, file string) *siteSummary {
		file = relative(file)
		if byName[key{name, file}] == nil {
			byName[key{name, file}] = &siteSummary{name: name, file: file}
			sites = append(sites, byName[key{name, file}])
		}
		return byName[key{name, file}]
	}
	for _, a := range t.applications {
		s := site(siteName(a.Server), fileOfSite(a))
		if mode := modeOf(a); !slices.Contains(s.modes, mode) {
			s.modes = append(s.modes, mode)
		}
	}
	for _, s := range sites {
		slices.SortStableFunc(s.modes, func(a, b string) int { return cmp.Compare(badness(a), badness(b)) })
	}
	for _, f := range t.result.Findings {
		s := site(siteOf(f))
		s.counts[f.Severity]++
		if !slices.Contains(s.rules, f.Rule.ID) {
			s.rules = append(s.rules, f.Rule.ID)
		}
	}
	return sites
}

// fileOfSite is the file that an application's virtual host begins in, or that mounts it
// in the main server.
func fileOfSite(a *wsgi.Application) string {
	if a.Server.IsVirtual() {
		return a.Server.Section.Pos().File
	}
	return a.Via.Pos().File
}

// badness puts embedded mode first, so that no column leaves it out, and daemon mode
// last.
func badness(mode string) int {
	kind, _, _ := strings.Cut(mode, " ")
	return slices.Index([]string{string(wsgi.Embedded), string(wsgi.Refused), string(wsgi.Dynamic), string(wsgi.DaemonMode)}, kind)
}

// modeOf is a mode with what belongs to it: the group or the code.
func modeOf(a *wsgi.Application) string {
	switch a.Mode {
	case wsgi.DaemonMode:
		return "daemon " + conf.Written(a.ProcessGroup)
	case wsgi.Refused:
		return "refused " + a.Error
	}
	return string(a.Mode)
}

// siteOf is the site that a finding is about, with its file: its virtual host, or else
// the main server.
func siteOf(f *audit.Finding) (name, file string) {
	if f.Directive == nil {
		return mainServer, f.Pos.File
	}
	host := f.Directive
	if !host.Is("<VirtualHost") {
		host = f.Directive.VirtualHost()
	}
	if host == nil {
		return mainServer, f.Pos.File
	}
	name = host.Word(0)
	for d := range host.Children() {
		if d.Is("ServerName") {
			name, _ = conf.ParseServerName(d.Word(0))
		}
	}
	return conf.Written(name), host.Pos().File
}

const mainServer = "main server"

func siteName(s *conf.Server) string {
	switch {
	case s.Name != "" && s.IsVirtual():
		return conf.Written(s.Name)
	case s.IsVirtual():
		return conf.Written(s.Section.Word(0))
	}
	return mainServer
}
