package intent

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDeployIsWhatASiteServes has a site whose code is deployed serve the release that the
// link leads to, in the virtualenv of that.
func TestDeployIsWhatASiteServes(t *testing.T) {
	t.Parallel()
	file, err := Parse("wsgictl.toml", []byte("[daemon.shop]\nuser = \"shop\"\n[site.shop]\nserver-name = \"shop.example.org\"\nscript = \"web/wsgi.py\"\n[site.shop.deploy]\nfolder = \"/srv/shop/\"\nbefore = [[\"venv/bin/python\", \"manage.py\", \"migrate\"]]\n"))
	if err != nil {
		t.Fatal(err)
	}
	site := file.Sites[0]
	if site.Script != "/srv/shop/current/web/wsgi.py" || site.Release != "/srv/shop/current" || !site.DisableReloading {
		t.Errorf("%+v", site.Application)
	}
	if diff := cmp.Diff(Deploy{Folder: "/srv/shop", Keep: 5, Before: [][]string{{"venv/bin/python", "manage.py", "migrate"}}}, file.Deploys["shop"]); diff != "" {
		t.Error(diff)
	}
	settings := Facts{PythonHome: "/srv/other/venv"}.WithDefaults(file.Daemons[0].Settings, site.Application)
	for name, want := range map[string]string{"python-home": "/srv/shop/current/venv", "home": "/srv/shop/current", "python-path": "/srv/shop/current"} {
		if got := settings.Value(name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	if venv := file.ModuleVenv("/etc/wsgictl"); venv != "/srv/shop/current/venv" {
		t.Error(venv)
	}
	if err := file.CheckDeployed(); err == nil || !strings.Contains(err.Error(), "site shop: nothing is deployed yet, there is no /srv/shop/current: first put the code there with \"wsgictl deploy shop DIR\", then apply") {
		t.Error(err)
	}
}

// TestDeployRefusesWhatCouldNotBeMeant names the key, and its place.
func TestDeployRefusesWhatCouldNotBeMeant(t *testing.T) {
	t.Parallel()
	const head = "[site.shop]\nserver-name = \"shop.example.org\"\n"
	for text, want := range map[string]string{
		"script = \"wsgi.py\"\n[site.shop.deploy]\nfolder = \"shop\"\n":                                    `wsgictl.toml:5:1: site.shop.deploy: folder "shop": want the absolute path`,
		"script = \"wsgi.py\"\n[site.shop.deploy]\nkeep = 2\n":                                             `folder "": want the absolute path`,
		"script = \"wsgi.py\"\n[site.shop.deploy]\nfolder = \"/\"\n":                                       "want a folder of the site's own",
		"script = \"wsgi.py\"\n[site.shop.deploy]\nfolder = \"/srv/shop\"\nkeep = 1\n":                     "wsgictl.toml:6:1: site.shop.deploy: keep 1: want 2 or more",
		"script = \"wsgi.py\"\n[site.shop.deploy]\nfolder = \"/srv/shop\"\nkeep = 0\n":                     "0 means nothing here",
		"script = \"wsgi.py\"\n[site.shop.deploy]\nfolder = \"/s\"\nbuilder = \"poetry\"\n":                "builder poetry: want uv or pip",
		"script = \"wsgi.py\"\n[site.shop.deploy]\nfolder = \"/s\"\nbefore = [[]]\n":                       "want commands as lists of words",
		"script = \"wsgi.py\"\n[site.shop.deploy]\nfolder = \"/s\"\npython = \"python3\"\n":                "python python3: want the absolute path of a Python",
		"script = \"wsgi.py\"\n[site.shop.deploy]\nfolder = \"/s\"\nrequirements = [\"../r.txt\"]\n":       `requirements "../r.txt": want the path of a file in the release`,
		"script = \"/srv/wsgi.py\"\n[site.shop.deploy]\nfolder = \"/s\"\n":                                 "script /srv/wsgi.py: with [site.shop.deploy] want its path in the release",
		"script = \"wsgi.py\"\n[daemon.shop]\npython-home = \"/v\"\n[site.shop.deploy]\nfolder = \"/s\"\n": "daemon.shop: python-home /v: the releases of site.shop have virtualenvs of their own",
		"script = \"wsgi.py\"\n[site.shop.deploy]\nfolders = \"/s\"\n":                                     "unknown key site.shop.deploy.folders",
	} {
		if _, err := Parse("wsgictl.toml", []byte(head+text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s:\n%v", text, err)
		}
	}
}
