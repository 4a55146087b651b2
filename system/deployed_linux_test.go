package system

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/deploy"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/roll"
	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/trust"
)

// TestAppliedSiteIsDeployed deploys a site, applies it, and deploys it again, each by what
// the same declaration says.
func TestAppliedSiteIsDeployed(t *testing.T) {
	t.Parallel()
	for _, release := range []string{"4.9.4", "6.1.1"} {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			i := newInstance(t)
			folder := filepath.Join(i.apps, "hello")
			t.Cleanup(func() { os.RemoveAll(store.PlaceOfRoot(folder)) })
			t.Cleanup(func() { os.RemoveAll(store.PlaceOfRoot(i.root)) })
			file, err := intent.Parse("wsgictl.toml", fmt.Appendf(nil, "[daemon.hello]\nuser = \"games\"\nprocesses = 2\n[site.hello]\nserver-name = \"hello.example.org\"\nport = %d\nscript = \"wsgi.py\"\nhealth = \"/\"\n[site.hello.deploy]\nfolder = %q\n", i.port, folder))
			if err != nil {
				t.Fatal(err)
			}
			first := i.deployed(file, "first")
			d := i.declare(release, "hello")
			declared, err := intent.Declared{File: file, Path: d.File}.Complete(intent.Facts{
				Host: i.host, Release: d.Module.Release, Python: d.Module.Python, LogDirectory: filepath.Join(i.root, "log"),
			})
			if err != nil {
				t.Fatal(err)
			}
			d.Declaration = declared
			if err := i.apply(d); err != nil {
				t.Fatalf("%v\n%s", err, i.read("log/error.log"))
			}
			if first.IsApplied || !first.Runs {
				t.Errorf("%+v", first)
			}
			i.answers("first")
			load := i.load("hello.example.org", 4)
			second := i.deployed(file, "second")
			load.stop()
			if !second.IsApplied || second.Replaced != 2 {
				t.Errorf("%+v", second)
			}
			i.answers("second")
			if script := i.read("wsgictl/hello.wsgi"); !strings.Contains(script, folder+"/current") {
				t.Error(script)
			}
		})
	}
}

// deployed deploys a version of the site hello.
func (i *instance) deployed(file intent.File, version string) deploy.Result {
	i.t.Helper()
	i.write(filepath.Join(i.apps, version, "wsgi.py"), fmt.Sprintf("def application(environ, start_response):\n    start_response('200 OK', [])\n    return [b%q]\n", version))
	site, err := deploy.SiteOf(file, "hello")
	if err != nil {
		i.t.Fatal(err)
	}
	source, err := deploy.OpenSource(filepath.Join(i.apps, version))
	if err != nil {
		i.t.Fatal(err)
	}
	defer source.Close()
	result, err := deploy.Deploy{
		Site: site, Release: "1.0", Limit: time.Minute, Tell: func(string) {}, Hold: func() (func(), error) { return func() {}, nil },
		Find: func() (roll.Server, error) { return roll.Find(installed.Named{Name: i.root}, trust.Deciders()) },
	}.Put(i.t.Context(), source)
	if err != nil {
		i.t.Fatalf("%v\n%s", err, i.read("log/error.log"))
	}
	return result
}

// answers holds that each process of hello answers with a version.
func (i *instance) answers(version string) {
	i.t.Helper()
	for range 10 {
		if status, body, err := i.get("hello.example.org"); err != nil || status != 200 || body != version {
			i.t.Fatalf("%d %q %v, want %q", status, body, err, version)
		}
	}
}
