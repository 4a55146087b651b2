package system

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/needtest"
)

// builtLayouts are what has to be detected of each, and where the site "hello"
// has to be.
var builtLayouts = map[string]struct {
	layout installed.Layout
	site   string
}{
	"RedHat":   {installed.RedHat, "/etc/httpd/conf.d/wsgictl-hello.conf"},
	"SuSE":     {installed.SUSE, "/etc/apache2/vhosts.d/hello.conf"},
	"Arch":     {installed.Arch, "/etc/httpd/conf/wsgictl/wsgictl-hello.conf"},
	"Alpine":   {installed.Alpine, "/etc/apache2/conf.d/wsgictl-hello.conf"},
	"Homebrew": {installed.Homebrew, "/opt/homebrew/etc/httpd/wsgictl/wsgictl-hello.conf"},
	"FreeBSD":  {installed.FreeBSD, "/usr/local/etc/apache24/Includes/wsgictl-hello.conf"},
	"GNU":      {installed.Source, "/usr/local/etc/apache2/wsgictl/wsgictl-hello.conf"},
	"opt":      {installed.Source, "/etc/opt/apache/wsgictl/wsgictl-hello.conf"},
}

// builtModule is the variable by which the test program, as a process among the
// files of a built httpd, knows the mod_wsgi for it.
const builtModule = "WSGICTL_TEST_BUILT_MODULE"

func TestLayoutsOfBuiltServersAreServedAndGivenBack(t *testing.T) {
	t.Parallel()
	for name, want := range builtLayouts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if os.Getenv(builtModule) != "" {
				i := newBuiltInstance(t, httpdtest.Layouts[name], want.layout)
				i.serveAndGiveBack(want.site)
				return
			}
			if err := httpdtest.CanIsolate(); err != nil {
				needtest.Missing(t, "%v", err)
			}
			root, module := httpdtest.Layouts[name].Root(t), httpdtest.Module(t, "6.1.1")
			command := httpdtest.Inside(t, root, os.Args[0], "-test.run", "^"+strings.ReplaceAll(t.Name(), "/", "$/^")+"$")
			command.Env = append(os.Environ(), builtModule+"="+module)
			output, err := command.CombinedOutput()
			if err != nil {
				t.Errorf("%v\n%s", err, output)
			}
		})
	}
}

// newBuiltInstance detects and starts the httpd of a layout among whose files
// the test runs.
func newBuiltInstance(t *testing.T, layout httpdtest.Layout, want installed.Layout) *instance {
	t.Helper()
	host, err := detect.Detect(t.Context(), detect.Request{HTTPD: layout.Program, Python: httpdtest.Python})
	if err != nil {
		t.Fatal(err)
	}
	if host.Apache.Layout != want || host.Apache.ConfigFile != layout.Config {
		t.Fatalf("detected %s with %s; want %s with %s", host.Apache.Layout, host.Apache.ConfigFile, want, layout.Config)
	}
	apache, err := New(host)
	if err != nil {
		t.Fatal(err)
	}
	store, err := OpenHistory("/var/lib/wsgictl/test", "1.0", nil)
	if err != nil {
		t.Fatal(err)
	}
	i := &instance{t: t, root: apache.places.Tree, apps: "/srv/wsgictl-test", host: host, port: 80, moduleFile: os.Getenv(builtModule)}
	i.Manager = Manager{Apache: apache, History: store, Limit: 20 * time.Second, Report: func(string) {}}
	i.start()
	return i
}

func (i *instance) serveAndGiveBack(file string) {
	i.t.Helper()
	folders := []string{i.Apache.places.Tree, i.ModulesDir}
	before := readFolders(i.t, folders)
	declare := func(names ...string) Declaration {
		d := i.declare("6.1.1", names...)
		for n := range d.Sites {
			d.Sites[n].LogDirectory = i.LogDirectory()
		}
		return d
	}
	if err := i.apply(declare("hello")); err != nil {
		i.t.Fatal(err)
	}
	i.expect("hello", "6.1.1")
	if !isFile(file) {
		i.t.Errorf("there is no %s", file)
	}
	if plan, err := i.Plan(declare("hello"), Refuse); err != nil || !plan.IsEmpty() {
		i.t.Errorf("a second plan: error %v, changes %v", err, plan)
	}
	if err := i.apply(declare("hello", "shop")); err != nil {
		i.t.Fatal(err)
	}
	i.expect("shop", "6.1.1")
	if err := i.rollback(1); err != nil {
		i.t.Fatal(err)
	}
	i.expect("hello", "6.1.1")
	if err := i.remove("hello"); err != nil {
		i.t.Fatal(err)
	}
	if diff := cmp.Diff(before, readFolders(i.t, folders)); diff != "" {
		i.t.Errorf("the Apache is another one (-before +after):\n%s", diff)
	}
	i.clean()
}
