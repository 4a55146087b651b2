package audit_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/wsgi"
)

// fixable is a configuration that rules may have something to fix in.
type fixable struct {
	file  string
	rules []*audit.Rule // whose fixes it is about
}

// fixables are the bad example of each rule, and the configurations of
// golden/audit with the rules that their case names, below a folder.
func fixables(t *testing.T, root string) []fixable {
	t.Helper()
	var all []fixable
	for _, rule := range audit.Rules() {
		if rule.Bad != "" {
			file := lay(t, root, rule.ID+"/site.conf", strings.TrimLeft(rule.Bad, "\n")+"\n")
			all = append(all, fixable{file, []*audit.Rule{rule}})
		}
	}
	cases, err := filepath.Glob("../golden/audit/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no golden cases: %v", err)
	}
	for _, name := range cases {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		rules := rulesNamedIn(string(archive.Comment))
		for _, file := range archive.Files {
			written := lay(t, root, strings.TrimSuffix(filepath.Base(name), ".txtar")+"/"+file.Name, string(file.Data))
			if strings.HasSuffix(file.Name, ".conf") {
				all = append(all, fixable{written, rules})
			}
		}
	}
	return all
}

// What this machine need not have: accounts of groups, and folders.
var (
	accounts  = regexp.MustCompile(`(\s)(user|group)=[a-z][\w.-]*`)
	documents = regexp.MustCompile(`(?m)^\s*DocumentRoot "?(/[^"\s]+)`)
)

// lay writes a configuration below root, with an account that there is, and
// with folders below root for those of /srv.
func lay(t *testing.T, root, name, text string) string {
	t.Helper()
	text = strings.ReplaceAll(accounts.ReplaceAllString(text, "${1}${2}=daemon"), "/srv/", root+"/srv/")
	for _, found := range documents.FindAllStringSubmatch(text, -1) {
		if strings.HasPrefix(found[1], root) {
			makeFolder(t, found[1])
		}
	}
	name = filepath.Join(root, name)
	makeFolder(t, filepath.Dir(name))
	rewrite(t, name, text)
	return name
}

func makeFolder(t *testing.T, name string) {
	t.Helper()
	if err := os.MkdirAll(name, 0o755); err != nil {
		t.Fatal(err)
	}
}

// rulesNamedIn are the rules that a script names.
func rulesNamedIn(script string) []*audit.Rule {
	var named []*audit.Rule
	for _, rule := range audit.Rules() {
		if strings.Contains(script, rule.ID) || strings.Contains(script, "--select "+rule.Name) {
			named = append(named, rule)
		}
	}
	return named
}

// read is what an audit of the file sees.
func (f fixable) read(t *testing.T, release modwsgi.Release) *wsgi.View {
	t.Helper()
	config, err := conf.Read(f.file, conf.Options{Modules: []conf.Module{wsgi.Module(release)}})
	if err != nil {
		t.Fatal(err)
	}
	return wsgi.Look(config, release, nil)
}

// fixed are the findings with a fix, of the rules that it is about.
func (f fixable) fixed(view *wsgi.View) []*audit.Finding {
	return slices.DeleteFunc(audit.Run(view, audit.Settings{Select: everyCategory()}).Findings, func(found *audit.Finding) bool {
		return found.Fix == nil || !slices.ContainsFunc(f.rules, func(rule *audit.Rule) bool { return rule.ID == found.Rule.ID })
	})
}

// places are what a message tells of where things stand, which a fix moves.
var places = regexp.MustCompile(`(\bline |:)\d+`)

// counted are how often each thing was found.
func counted(findings []*audit.Finding) map[string]int {
	times := map[string]int{}
	for _, f := range findings {
		times[fmt.Sprintf("%s %s", f.Rule.ID, places.ReplaceAllString(f.Message, "$1"))]++
	}
	return times
}
