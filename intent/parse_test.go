package intent_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/templates"
)

func TestParseReadsWhatIsDeclared(t *testing.T) {
	t.Parallel()
	got, err := intent.Parse("wsgictl.toml", []byte(`
venv = "/srv/hello/venv"
mod-wsgi = "6.1.1"

[daemon.hello]
user = "hello"
request-timeout = 30
switch-interval = 0.01
server-metrics = true
recovery = 120

[site.hello]
server-name = "hello.example.org"
script = "/srv/hello/wsgi.py"
https-only = false
url-alias = [{ url = "/static", path = "/srv/hello/static" }]

[site.other]
daemon = "hello"
script = "/srv/hello/wsgi.py"

[limits]
arrival = 20
`))
	if err != nil {
		t.Fatal(err)
	}
	want := intent.File{
		Venv: "/srv/hello/venv", ModWSGI: "6.1.1",
		Daemons: []templates.Daemon{{Name: "hello", Recovery: 2 * time.Minute, Settings: []modwsgi.Setting{
			{Name: "user", Value: "hello"}, {Name: "switch-interval", Value: "0.01"},
			{Name: "request-timeout", Value: "30"}, {Name: "server-metrics", Value: "On"},
		}}},
		Sites: []templates.Site{
			{Name: "hello", ServerName: "hello.example.org", TLS: templates.TLS{HTTPSOnly: new(false)},
				Application: templates.Application{Script: "/srv/hello/wsgi.py"},
				Static:      templates.Static{URLAlias: []templates.Alias{{URL: "/static", Path: "/srv/hello/static"}}}},
			{Name: "other", Daemon: "hello", Application: templates.Application{Script: "/srv/hello/wsgi.py"}},
		},
		Limits: templates.Limits{Arrival: 20},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(modwsgi.Release{}, intent.File{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestExampleOfTheReferencePageRenders(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/wsgictl.toml.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "```toml\n")
	example, _, found := strings.Cut(rest, "```")
	if !found {
		t.Fatal("the page has no example")
	}
	intent, err := intent.Parse("example", []byte(example))
	if err != nil {
		t.Fatal(err)
	}
	if len(intent.Sites) == 0 || len(intent.Daemons) == 0 {
		t.Fatal("the example declares nothing")
	}
	for _, site := range intent.Sites {
		if _, err := site.Render(); err != nil {
			t.Error(err)
		}
	}
	for _, daemon := range intent.Daemons {
		if _, err := daemon.Render(); err != nil {
			t.Error(err)
		}
	}
}

// A table without keys is one that asks for the defaults, and not nothing.
func TestEmptyLimitsAreTheDefaults(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]templates.Limits{
		"":                         {},
		"[limits]\n":               {Arrival: 10, Reserve: 100},
		"limits = {}\n":            {Arrival: 10, Reserve: 100},
		"[limits]\nreserve = 50\n": {Reserve: 50},
		"[limits]\narrival = 20\nreserve = 200\n": {Arrival: 20, Reserve: 200},
	} {
		intent, err := intent.Parse("wsgictl.toml", []byte(text))
		if diff := cmp.Diff(want, intent.Limits, cmpopts.EquateEmpty()); err != nil || diff != "" {
			t.Errorf("%q: error %v (-want +got):\n%s", text, err, diff)
		}
	}
}

func TestParseSaysWhereItIsWrong(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"[daemon.a]\nquene-timeout = 45\n":                       "wsgictl.toml:2:1: unknown option quene-timeout: did you mean queue-timeout?",
		"[site.a]\nserver-names = 'x'\n\n[demon.a]\nuser = 1\n":  "wsgictl.toml:2:1: unknown key site.a.server-names\nwsgictl.toml:4:2: unknown key demon.a",
		"[site.a]\nport = 'x'\n":                                 "wsgictl.toml:2:8: site.a.port: want an integer, not a TOML string",
		"venv = 3\n":                                             "wsgictl.toml:1:8: venv: want a string in quotes, not a TOML integer",
		"site.a = 3\n":                                           "wsgictl.toml:1:10: site.a: want a table, not a TOML integer",
		"daemon = 3\n":                                           "wsgictl.toml:1:10: daemon: want a table, not a TOML integer",
		"[daemon.a]\nrecovery = 'x'\n":                           "wsgictl.toml:2:12: daemon.a.recovery: want an integer, not a TOML string",
		"[site.a]\nserver-alias = 'x'\n":                         `wsgictl.toml:2:16: site.a.server-alias: want an array of strings, such as ["a", "b"], not a TOML string`,
		"[site.a]\nurl-alias = 3\n":                              "wsgictl.toml:2:13: site.a.url-alias: want an array of tables, not a TOML integer",
		"[site.a]\nhttps-only = 3\n":                             "wsgictl.toml:2:14: site.a.https-only: want true or false, not a TOML integer",
		"[site.a\n":                                              "wsgictl.toml:1:8: expected ']' to close table name",
		"[daemon.a]\numask = 0.1\n\n":                            "wsgictl.toml:2:1: daemon.a: umask=0.1: want octal digits, such as 0027",
		"[daemon]\n  b.threads = 2\n  a.queue-timeout = '45s'\n": "wsgictl.toml:3:5: daemon.a: queue-timeout=45s: want whole seconds without a unit, such as 60",
		"limits = { reserve = 0 }\n":                             "wsgictl.toml:1:1: limits.reserve: 0 means nothing here; want a number above 0, or leave the key out",
		"venv = ''\n":                                            "wsgictl.toml:1:1: venv: its value is empty; give one, or leave the key out",
		"[site.b]\nport = 1\n[site.a]\nscript = ''\n":            "wsgictl.toml:4:1: site.a.script: its value is empty; give one, or leave the key out",
		"[daemon.a]\nthreads = { a = 1 }\n":                      "wsgictl.toml:2:1: daemon.a: threads=map[a:1]: want a whole number",
		"[site.\"a\\nb\"]\n":                                     `wsgictl.toml: site "a\nb": want a name of letters, digits, dots, dashes and underscores`,
		"[daemon.\"a\\u001bb\"]\nthreads = 'x'\n":                `wsgictl.toml: daemon "a\x1bb": want a name of letters, digits, dots, dashes and underscores`,
		"[site.a]\ndaemon = '../a'\n":                            `wsgictl.toml: daemon "../a": want a name of letters, digits, dots, dashes and underscores`,
		"[site." + strings.Repeat("a", 201) + "]\n":              "wsgictl.toml: site " + strings.Repeat("a", 201) + ": want a name of at most 200 letters, for it becomes that of files; here it has 201",
	} {
		_, err := intent.Parse("wsgictl.toml", []byte(text))
		if err == nil {
			t.Errorf("%q: no error", text)
			continue
		}
		if diff := cmp.Diff(want, err.Error()); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}
