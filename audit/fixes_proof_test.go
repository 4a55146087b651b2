package audit_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/wsgi"
)

// fixProof makes fixes one by one, and asks the audit and the real httpd about
// what comes of each.
type fixProof struct {
	server   *httpdtest.Server
	release  modwsgi.Release
	load     string            // of the module
	answered map[string]string // what httpd said of a text
	accepted map[string]int    // fixes that httpd starts with, by rule
	refused  map[string]int    // those that it refuses for what it refused before
}

// TestEachFixStarts makes each fix of the bad examples and the golden cases by
// itself. What it fixes is not found again, nothing graver is found instead, and
// httpd loads it with the real module, or complains of what it complained of
// before.
func TestEachFixStarts(t *testing.T) {
	t.Parallel()
	for _, release := range []string{"4.9.4", modwsgi.Newest.String()} {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			p := &fixProof{
				server: httpdtest.New(t), release: modwsgi.MustParseRelease(release), load: fmt.Sprintf("LoadModule wsgi_module %q\n", httpdtest.Module(t, release)),
				answered: map[string]string{}, accepted: map[string]int{}, refused: map[string]int{},
			}
			for _, f := range fixables(t, p.server.Root) {
				for n := range f.fixed(f.read(t, p.release)) {
					p.prove(t, f, n)
				}
			}
			t.Logf("httpd was asked %d times; accepted: %v, refused as before: %v", len(p.answered), p.accepted, p.refused)
			for rule := range p.refused {
				if p.accepted[rule] == 0 {
					t.Errorf("httpd accepts no configuration with a fix of %s", rule)
				}
			}
		})
	}
}

// prove makes one fix, and takes it back.
func (p *fixProof) prove(t *testing.T, f fixable, n int) {
	t.Helper()
	view := f.read(t, p.release)
	finding := f.fixed(view)[n]
	before, complaint := counted(audit.Run(view, audit.Settings{Select: everyCategory()}).Findings), p.ask(f, view)
	files, made, err := audit.ApplyFixes([]*audit.Finding{finding}, true)
	if err != nil {
		t.Fatal(err)
	}
	if len(made) == 0 {
		t.Errorf("%s: %s cannot be fixed by itself", finding.Pos, finding.Rule.ID)
	}
	for _, fixed := range files {
		rewrite(t, fixed.File.Name, fixed.Text)
		defer rewrite(t, fixed.File.Name, fixed.File.Source)
	}
	where := fmt.Sprintf("%s: %s: %s", finding.Pos, finding.Rule.ID, finding.Fix.Description)
	after := f.read(t, p.release)
	found := audit.Run(after, audit.Settings{Select: everyCategory()}).Findings
	p.compare(t, where, finding, before, found)
	if had, have := len(view.Config.Errors()), len(after.Config.Errors()); have > had {
		t.Errorf("%s: makes an error of syntax: %v\n%s", where, after.Config.Errors(), files[0].Text)
	}
	switch now := p.ask(f, after); {
	case now == "":
		p.accepted[finding.Rule.ID]++
	case now == complaint || slices.ContainsFunc(found, isRefusal):
		p.refused[finding.Rule.ID]++
		t.Logf("%s: refused: %s", where, now)
	default:
		t.Errorf("%s: httpd said %q before and says %q of\n%s", where, complaint, now, files[0].Text)
	}
}

// isRefusal tells the findings for which httpd does not start.
func isRefusal(f *audit.Finding) bool {
	return f.Rule.StopsStart && f.Rule.ID != "WC001" && f.Severity == audit.Error
}

// uncovered are the errors that the audit finds where a fix has done its work: of
// an application that answers at last, of groups that it does not take, and of
// timeouts that another option switches off.
var uncovered = map[string]string{"WC120": "WC101", "WC156": "WC101", "WC101": "WC102", "WC109": "WC111"}

// compare holds what is found after a fix against what was found before.
func (p *fixProof) compare(t *testing.T, where string, fixed *audit.Finding, before map[string]int, findings []*audit.Finding) {
	t.Helper()
	after := counted(findings)
	for what := range counted([]*audit.Finding{fixed}) {
		if after[what] >= before[what] {
			t.Errorf("%s: is found again: %s", where, what)
		}
	}
	for _, f := range findings {
		for what := range counted([]*audit.Finding{f}) {
			if f.Severity == audit.Error && before[what] == 0 && uncovered[fixed.Rule.ID] != f.Rule.ID {
				t.Errorf("%s: brings %s: %s", where, f.Pos, what)
			}
		}
	}
}

// ask is what httpd complains of in a configuration that was read; "" where it takes it.
func (p *fixProof) ask(f fixable, view *wsgi.View) string {
	folder, key := filepath.Dir(f.file), f.file
	for _, file := range view.Config.Files {
		key += "\n" + file.Source
	}
	if said, ok := p.answered[key]; ok {
		return said
	}
	said := ""
	if _, _, reported, err := p.server.Ask(fmt.Sprintf("%sServerRoot %q\nInclude %q\n", p.load, folder, f.file)); err != nil {
		said = placesOfHTTPD.ReplaceAllString(reported, "")
	}
	p.answered[key] = said
	return said
}

// placesOfHTTPD are lines and warnings in what httpd reports.
var placesOfHTTPD = regexp.MustCompile(`(?m)^.*\b(warn|Warning|skipping).*\n|on line \d+`)

func rewrite(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
