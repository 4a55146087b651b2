package intent_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// What the file leaves out, the host and the application fill in; what it says
// stays.
func TestCompleteLeavesNothingToBeLookedUp(t *testing.T) {
	t.Parallel()
	file, err := intent.Parse("wsgictl.toml", []byte(`
[daemon.api]
python-home = "/srv/api/venv"
home = "/srv/api"

[site.shop]
server-name = "shop.example.org"
script = "/srv/shop/wsgi.py"

[site.api]
server-name = "api.example.org"
script = "/srv/api/wsgi.py"
log-directory = "/srv/api/log"
`))
	if err != nil {
		t.Fatal(err)
	}
	facts := intent.Facts{
		Host:    detect.Host{System: detect.System{Locales: []string{"C.utf8"}}},
		Release: modwsgi.Newest, PythonHome: "/srv/venv", LogDirectory: "/var/log/apache2",
	}
	sites, daemons := file.Complete(facts)
	var got []string
	for _, site := range sites {
		got = append(got, site.Name+" by "+site.Daemon+" logs to "+site.LogDirectory)
	}
	for _, daemon := range daemons {
		got = append(got, daemon.Name+" of "+daemon.Settings.Value("python-home")+" in "+daemon.Settings.Value("home")+" with "+daemon.Locale)
	}
	want := []string{
		"api by api logs to /srv/api/log", "shop by shop logs to /var/log/apache2",
		"api of /srv/api/venv in /srv/api with C.UTF-8", "shop of /srv/venv in /srv/shop with C.UTF-8",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestModuleIsThatOfTheFirstVirtualenvNamed(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                     "",
		"venv = \"venv\"":      "/srv/shop/venv",
		"venv = \"/opt/venv\"": "/opt/venv",
		"[daemon.shop]\npython-home = \"/srv/its\"\n[daemon.zoo]\npython-home = \"/srv/other\"": "/srv/its",
	} {
		file, err := intent.Parse("wsgictl.toml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := file.ModuleVenv("/srv/shop"); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}
