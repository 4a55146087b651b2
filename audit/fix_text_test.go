package audit_test

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/wsgi"
)

// TestFixesChangeText makes each fix of the bad examples and of the golden cases,
// templates too, by itself, and all of a file together: each changes what stands there,
// and together they write no option twice.
func TestFixesChangeText(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	fixables(t, root)
	made := map[string]int{}
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		if ending := filepath.Ext(name); !slices.Contains([]string{".conf", ".j2", ".erb", ".epp", ".tmpl"}, ending) {
			return nil
		}
		config, err := conf.Read(name, conf.Options{Modules: []conf.Module{wsgi.Module(modwsgi.Newest)}})
		if err != nil {
			return nil // it is no configuration
		}
		findings := audit.Run(wsgi.Look(config, modwsgi.Release{}, nil), audit.Settings{Select: everyCategory()}).Findings
		for _, f := range findings {
			if f.Fix != nil {
				made[f.Rule.ID]++
				fixedTexts(t, []*audit.Finding{f})
			}
		}
		for _, fixed := range fixedTexts(t, findings) {
			holdOptionsOnce(t, fixed)
		}
		return nil
	})
	if err != nil || len(made) < 30 {
		t.Errorf("%v; fixes of %d rules made", err, len(made))
	}
}

// fixedTexts are the files as the fixes leave them, at least one of them another than
// before where there is any fix.
func fixedTexts(t *testing.T, findings []*audit.Finding) []audit.Fixed {
	t.Helper()
	files, _, err := audit.ApplyFixes(findings, true)
	if err != nil {
		t.Error(err)
	}
	for _, f := range findings {
		if f.Fix != nil && !slices.ContainsFunc(files, func(fixed audit.Fixed) bool { return fixed.Text != fixed.File.Source }) {
			t.Errorf("%s: the fix of %s changes nothing: %s", f.Pos, f.Rule.ID, f.Fix.Description)
		}
	}
	return files
}

// holdOptionsOnce wants each option once in each directive that had it once at most.
func holdOptionsOnce(t *testing.T, fixed audit.Fixed) {
	t.Helper()
	before := twice(fixed.File.Name, fixed.File.Source)
	for _, text := range twice(fixed.File.Name, fixed.Text) {
		if len(before) == 0 {
			t.Errorf("%s: written twice by fixes: %s", fixed.File.Name, text)
		}
	}
}

// twice are the lines of a text that name an option again.
func twice(name, source string) (lines []string) {
	for node := range conf.Parse(name, source).Nodes() {
		seen := map[string]bool{}
		for _, word := range strings.Fields(node.Logical()) {
			option, _, isOption := strings.Cut(word, "=")
			if isOption && strings.HasPrefix(node.Logical(), "WSGI") && seen[option] {
				lines = append(lines, node.Logical())
			}
			seen[option] = isOption
		}
	}
	return lines
}
