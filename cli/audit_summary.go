package cli

import (
	"cmp"
	"io"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/wsgi"
)

// siteSummary is what there is to say of one site in a line.
type siteSummary struct {
	name   string
	modes  []string
	counts [audit.Error + 1]int
	rules  []string // ids, worst first
}

// writeSummary prints a line for each site: how its applications run, and what
// was found there; the verdict first and the count last.
func writeSummary(out io.Writer, t findingsText, colours palette) error {
	var b strings.Builder
	b.WriteString(colours.bold(verdictLine(t, seenFromHere())) + "\n")
	sites := summarize(t)
	var widths [3]int
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

// cells are what stands below one another.
func (s *siteSummary) cells() [3]string {
	return [3]string{s.name, cmp.Or(strings.Join(s.modes, ", "), "-"), cmp.Or(severityCounts(s.counts), "fine")}
}

// summarize puts applications and findings to their sites, in the order of the
// text.
func summarize(t findingsText) []*siteSummary {
	var sites []*siteSummary
	byName := map[string]*siteSummary{}
	site := func(name string) *siteSummary {
		if byName[name] == nil {
			byName[name] = &siteSummary{name: name}
			sites = append(sites, byName[name])
		}
		return byName[name]
	}
	for _, a := range t.applications {
		s := site(siteName(a.Server))
		if mode := modeOf(a); !slices.Contains(s.modes, mode) {
			s.modes = append(s.modes, mode)
		}
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

// siteOf is the site that a finding is about: its virtual host, or else the main
// server.
func siteOf(f *audit.Finding) string {
	if f.Directive == nil {
		return mainServer
	}
	host := f.Directive
	if !host.Is("<VirtualHost") {
		host = f.Directive.VirtualHost()
	}
	if host == nil {
		return mainServer
	}
	name := host.Word(0)
	for d := range host.Children() {
		if d.Is("ServerName") {
			name, _ = conf.ParseServerName(d.Word(0))
		}
	}
	return conf.Written(name)
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
