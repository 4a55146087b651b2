package audit_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/wsgi"
)

// engines render a template, from standard input, as {"template": …, "values": …}.
var engines = map[string][]string{
	".j2": {"python3", "-c", `
import jinja2, json, sys
job = json.load(sys.stdin)
engine = jinja2.Environment(trim_blocks=True, keep_trailing_newline=True)
sys.stdout.write(engine.from_string(job["template"]).render(job["values"]))
`},
	".erb": {"ruby", "-rerb", "-rjson", "-e", `
job = JSON.parse($stdin.read)
scope = Object.new
job["values"].each { |name, value| scope.instance_variable_set("@#{name}", value) }
print ERB.new(job["template"], trim_mode: "-").result(scope.instance_eval { binding })
`},
}

// TestTemplatesAreJudgedAsTheirRenderings renders templates by the real engines
// with several values: what is found in each rendering is found in the template,
// and nothing that is found in none.
func TestTemplatesAreJudgedAsTheirRenderings(t *testing.T) {
	t.Parallel()
	cases, err := filepath.Glob("testdata/templates/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatal(cases, err)
	}
	for _, file := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			c := readTemplateCase(t, file)
			if len(c.values) == 0 {
				t.Fatal("there is nothing to render it with")
			}
			every, some := map[string]bool{}, map[string]bool{"WC002": true}
			for i, values := range c.values {
				text := render(t, c.name, c.template, values)
				found := rulesFound(viewOf(c.name, text))
				if i == 0 {
					every = maps.Clone(found)
				}
				maps.DeleteFunc(every, func(id string, _ bool) bool { return !found[id] })
				maps.Copy(some, found)
			}
			view := viewOf(c.name, c.template)
			found := rulesFound(view)
			for id := range every {
				if !found[id] {
					t.Errorf("%s is found in each rendering, and not in the template", id)
				}
			}
			for id := range found {
				if !some[id] {
					t.Errorf("%s is found in the template, and in no rendering", id)
				}
			}
			if diff := cmp.Diff(c.applications, applicationLines(view)); diff != "" {
				t.Errorf("applications (-want +got):\n%s", diff)
			}
		})
	}
}

type templateCase struct {
	name, template string
	values         []map[string]any
	applications   []string
}

func readTemplateCase(t *testing.T, file string) templateCase {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil || len(archive.Files) != 3 {
		t.Fatalf("%s: want a template, values.json and applications: %v", file, err)
	}
	c := templateCase{name: archive.Files[0].Name, template: string(archive.Files[0].Data)}
	if err := json.Unmarshal(archive.Files[1].Data, &c.values); err != nil || len(c.values) < 2 {
		t.Fatalf("%s: values: %v", file, err)
	}
	c.applications = strings.Split(strings.TrimSpace(string(archive.Files[2].Data)), "\n")
	return c
}

// render has the real engine render a template.
func render(t *testing.T, name, template string, values map[string]any) string {
	t.Helper()
	words := engines[filepath.Ext(name)]
	job, err := json.Marshal(map[string]any{"template": template, "values": values})
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(words[0], words[1:]...)
	command.Stdin = strings.NewReader(string(job))
	var complaints strings.Builder
	command.Stderr = &complaints
	text, err := command.Output()
	if err != nil {
		needtest.Missing(t, "%s cannot render: %v\n%s", words[0], err, complaints.String())
	}
	return string(text)
}

func viewOf(name, text string) *wsgi.View {
	config := conf.ReadSource("/etc/apache2/"+name, text, conf.Options{
		Modules: []conf.Module{wsgi.Module(modwsgi.Release{})},
	})
	return wsgi.Look(config, modwsgi.Newest, nil)
}

func rulesFound(v *wsgi.View) map[string]bool {
	ids := map[string]bool{}
	for _, f := range audit.Run(v, audit.Settings{Select: everyCategory()}).Findings {
		ids[f.Rule.ID] = true
	}
	return ids
}

func applicationLines(v *wsgi.View) []string {
	var lines []string
	for _, a := range v.Inventory() {
		group := a.ProcessGroup
		if group == "" {
			group = "-"
		}
		lines = append(lines, conf.Written(fmt.Sprintf("%s %s %s", a.Mode, group, a.Mount)))
	}
	return slices.Compact(lines)
}
