package audit_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/wsgi"
)

// TestExamples holds the two examples of each rule against it: they are what
// its documentation shows.
func TestExamples(t *testing.T) {
	t.Parallel()
	for _, rule := range audit.Rules() {
		t.Run(rule.ID, func(t *testing.T) {
			t.Parallel()
			if found := findingsOf(t, rule, rule.Bad); len(found) == 0 && rule.Bad != "" {
				t.Errorf("nothing found in\n%s", rule.Bad)
			}
			for _, f := range findingsOf(t, rule, rule.Good) {
				t.Errorf("%s: %s: found in\n%s", f.Pos, f.Message, rule.Good)
			}
		})
	}
}

// TestGoodExamplesStart asks the real httpd, with the real module, whether it
// accepts what the documentation recommends.
func TestGoodExamplesStart(t *testing.T) {
	t.Parallel()
	httpdtest.Program(t)
	module := fmt.Sprintf("LoadModule wsgi_module %q\n", httpdtest.Module(t, "6.1.1"))
	here := strings.NewReplacer( // accounts and folders that there are
		" user=shop", " user=daemon", " group=shop", " group=daemon",
		"DocumentRoot /srv/shop/htdocs", "DocumentRoot /", "DocumentRoot /srv/www", "DocumentRoot /", "Require valid-user", "Require all granted",
	)
	for _, rule := range audit.Rules() {
		t.Run(rule.ID, func(t *testing.T) {
			t.Parallel()
			if err := httpdtest.Check(module + here.Replace(strings.TrimLeft(rule.Good, "\n"))); err != nil {
				t.Errorf("%v\n%s", err, rule.Good)
			}
		})
	}
}

func findingsOf(t *testing.T, rule *audit.Rule, configuration string) []*audit.Finding {
	t.Helper()
	release := releaseFor(rule)
	config := conf.ReadSource("/etc/apache2/site.conf", strings.TrimLeft(configuration, "\n"), conf.Options{
		Modules: []conf.Module{wsgi.Module(modwsgi.Release{})},
	})
	var found []*audit.Finding
	for _, f := range audit.Run(wsgi.Look(config, release, nil), audit.Settings{Select: everyCategory()}).Findings {
		if f.Rule.ID == rule.ID {
			found = append(found, f)
		}
	}
	return found
}

var categories = []audit.Category{
	audit.CategoryMode, audit.CategoryTimeouts, audit.CategoryLocale, audit.CategoryAccess, audit.CategorySecurity, audit.CategoryUpgrade, audit.CategoryDeploy, audit.CategoryStyle,
}

// everyCategory selects all rules, also those that are off by default.
func everyCategory() []string {
	var names []string
	for _, category := range categories {
		names = append(names, string(category))
	}
	return names
}

// releaseFor is a release that the rule holds for, the newest where it can be.
func releaseFor(rule *audit.Rule) modwsgi.Release {
	for _, number := range []string{"4.9.4", "6.0.4", "4.9.2"} {
		if release := modwsgi.MustParseRelease(number); !rule.Releases.Knows(modwsgi.Newest) && rule.Releases.Knows(release) {
			return release
		}
	}
	return modwsgi.Newest
}

// TestRulesAreWellFormed holds what all rules have in common.
func TestRulesAreWellFormed(t *testing.T) {
	t.Parallel()
	id, name := regexp.MustCompile(`^WC\d{3}$`), regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	last, names := "", map[string]bool{}
	for _, category := range everyCategory() { // a selection takes either
		names[category] = true
		if strings.HasPrefix("wc", category) {
			t.Errorf("category %s is the beginning of ids", category)
		}
	}
	for _, r := range audit.Rules() {
		if !id.MatchString(r.ID) || r.ID <= last {
			t.Errorf("%s after %s: want ids in order, each once", r.ID, last)
		}
		if !name.MatchString(r.Name) || names[r.Name] {
			t.Errorf("%s: name %q", r.ID, r.Name)
		}
		if !slices.Contains(categories, r.Category) {
			t.Errorf("%s: category %q", r.ID, r.Category)
		}
		if r.Bad != "" && r.Good == "" {
			t.Errorf("%s: want the bad example fixed", r.ID)
		}
		if r.Summary == "" || strings.HasSuffix(r.Summary, ".") || !strings.HasSuffix(r.Why, ".") || !strings.HasSuffix(r.Remedy, ".") {
			t.Errorf("%s: want a summary without a full stop, and whole sentences for Why and Remedy", r.ID)
		}
		if !strings.HasPrefix(r.Link, "https://") {
			t.Errorf("%s: link %q", r.ID, r.Link)
		}
		if _, page, ok := strings.Cut(r.Link, "/configuration-directives/"); ok {
			if d, err := modwsgi.LookupDirective(strings.TrimSuffix(page, ".html"), modwsgi.Newest); err != nil || d.URL() != r.Link {
				t.Errorf("%s: link %q: mod_wsgi has no such page (%v)", r.ID, r.Link, err)
			}
		}
		last, names[r.Name] = r.ID, true
	}
}

// TestRulesAreSinceAReleaseOfTheChangelog holds the first release of each rule
// against the headings of the changelog.
func TestRulesAreSinceAReleaseOfTheChangelog(t *testing.T) {
	t.Parallel()
	changelog, err := os.ReadFile("../CHANGELOG.md")
	if err != nil {
		t.Fatal(err)
	}
	releases := map[string]bool{}
	for _, heading := range regexp.MustCompile(`(?m)^## \[?([^\] \n]+)`).FindAllStringSubmatch(string(changelog), -1) {
		releases[strings.ToLower(heading[1])] = true
	}
	for _, r := range audit.Rules() {
		if !releases[r.Since] {
			t.Errorf("%s is since %q: the changelog has no such release", r.ID, r.Since)
		}
	}
}

// TestSelectionsTakeCategories runs rules by id, name and category.
func TestSelectionsTakeCategories(t *testing.T) {
	t.Parallel()
	config := conf.ReadSource("/etc/apache2/site.conf", "ServerTokens Full\nWSGIScriptAlias / /srv/shop/app.wsgi\n", conf.Options{
		Modules: []conf.Module{wsgi.Module(modwsgi.Release{})},
	})
	for name, test := range map[string]struct {
		chosen audit.Settings
		want   bool // whether WC190, which is off by default, runs
	}{
		"nothing":               {audit.Settings{}, false},
		"id":                    {audit.Settings{Select: []string{"wc190"}}, true},
		"beginning of id":       {audit.Settings{Select: []string{"WC19"}}, false},
		"name":                  {audit.Settings{Select: []string{"server-tokens"}}, true},
		"category":              {audit.Settings{Select: []string{"security"}}, true},
		"another category":      {audit.Settings{Select: []string{"mode"}}, false},
		"id and not category":   {audit.Settings{Select: []string{"WC190"}, Ignore: []string{"security"}}, false},
		"category and not name": {audit.Settings{Select: []string{"security"}, Ignore: []string{"server-tokens"}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := false
			for _, f := range audit.Run(wsgi.Look(config, modwsgi.Newest, nil), test.chosen).Findings {
				got = got || f.Rule.ID == "WC190"
				if category := f.Rule.Category; slices.Contains(test.chosen.Ignore, string(category)) {
					t.Errorf("%s of the category %s is ignored, and found", f.Rule.ID, category)
				}
			}
			if got != test.want {
				t.Errorf("WC190 found: %v, want %v", got, test.want)
			}
		})
	}
}
