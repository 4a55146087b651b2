package templates_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/templates"
)

// pieces are what values are made of that a careless writer or reader of
// configuration gets wrong.
var pieces = []string{
	" ", "  ", `"`, `'`, `\`, `\\`, `\"`, "#", "$", "$HOME", "%", "%d", "{", "}", "=", "<", ">", "é", "中", "😀",
	"*", "?", "[", "]", "~", "&", ";", "|", "`", "$(id)", "!", "^", ",", "a", "B", "0", "-", "_", "\t", "\x01",
}

// groupsPerServer is how many daemon process groups, each with values of its
// own, one server is given.
const groupsPerServer = 24

// values are what one group is told.
type values struct {
	Group, Home, Lang, Script, Callable, Static string
}

func TestEveryValueArrivesAsItIs(t *testing.T) {
	t.Parallel()
	for _, release := range []string{oldest, newest} {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			s := httpdtest.New(t)
			random := rand.New(rand.NewPCG(6, 11))
			var told []values
			configuration := s.LoadModule(release)
			for i := range groupsPerServer {
				v := randomValues(s, random, i)
				configuration += configureValues(t, release, i, v)
				told = append(told, v)
			}
			s.Start(configuration)
			for i, want := range told {
				if diff := cmp.Diff(want, heard(t, s, i, want)); diff != "" {
					t.Errorf("group %d (-told +heard):\n%s", i, diff)
				}
			}
		})
	}
}

// randomValues makes values and the files that they name.
func randomValues(s *httpdtest.Server, random *rand.Rand, i int) values {
	text := func() string {
		var text strings.Builder
		for range 1 + random.IntN(8) {
			text.WriteString(pieces[random.IntN(len(pieces))])
		}
		return strings.ReplaceAll(strings.ReplaceAll(text.String(), "${", "$"), "%{", "%")
	}
	v := values{Group: fmt.Sprintf("%d%s", i, text()), Lang: fmt.Sprintf("%d%s", i, strings.NewReplacer(" ", "", "\t", "").Replace(text())), Callable: text()}
	// Each file has a folder of its own, so that one section cannot do for another.
	v.Home = filepath.Dir(s.Write(fmt.Sprintf("%d/home/%s/keep", i, text()), ""))
	v.Script = s.Write(fmt.Sprintf("%d/script/%s/%s.wsgi", i, text(), text()), probe(v.Callable))
	v.Static = filepath.Dir(s.Write(fmt.Sprintf("%d/static/%s/file", i, text()), "static"))
	return v
}

// probe is a script that answers with what its process was told.
func probe(callable string) string {
	name, _ := json.Marshal(callable)
	return fmt.Sprintf(`
import json, os

def text(value):
    try:
        return value.encode("latin-1").decode()  # WSGI's way, and 4.9's for the group
    except UnicodeError:
        return value

def answer(environ, start_response):
    told = {
        "Group": text(environ["mod_wsgi.process_group"]), "Home": os.getcwd(), "Lang": os.environ["LANG"],
        "Script": text(environ["SCRIPT_FILENAME"]), "Callable": %s,
    }
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(told).encode()]

globals()[%[1]s] = answer
`, name)
}

func configureValues(t *testing.T, release string, i int, v values) string {
	t.Helper()
	daemon := templates.Daemon{Name: v.Group, Release: modwsgi.MustParseRelease(release), Settings: []modwsgi.Setting{
		{Name: "home", Value: v.Home}, {Name: "lang", Value: v.Lang}, {Name: "processes", Value: "1"}, {Name: "threads", Value: "1"},
	}}
	group, err := daemon.Render()
	if err != nil {
		t.Fatal(err)
	}
	site := templates.Site{
		Name: fmt.Sprintf("site%d", i), Daemon: v.Group, ServerName: fmt.Sprintf("site%d.test", i), Port: 1,
		Application: templates.Application{Script: v.Script, CallableObject: v.Callable},
		Static:      templates.Static{URLAlias: []templates.Alias{{URL: "/static " + v.Lang, Path: v.Static}}},
	}
	hosts, err := site.Render()
	if err != nil {
		t.Fatal(err)
	}
	return group + strings.Replace(hosts, "*:1>", "*>", 1)
}

// heard asks the i-th application what it was told, and Apache for its static
// file.
func heard(t *testing.T, s *httpdtest.Server, i int, told values) values {
	t.Helper()
	host := fmt.Sprintf("site%d.test", i)
	status, body := s.Get(host, "/")
	if status != http.StatusOK {
		t.Fatalf("status %d of %q\n%s", status, told, s.ErrorLog())
	}
	var got values
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatalf("%v in %q", err, body)
	}
	if _, body := s.Get(host, "/"+url.PathEscape("static "+told.Lang)+"/file"); body == "static" {
		got.Static = told.Static
	}
	return got
}
