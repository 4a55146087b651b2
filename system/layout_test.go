package system

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/needtest"
)

// baseModules are loaded by the configurations of this test, as those of every
// family load them.
var baseModules = []string{"mpm_event", "authn_core", "authz_core", "authz_host", "mime", "dir", "alias", "reqtimeout", "filter"}

// Each family's tree is made as its package makes it, as far as wsgictl looks
// at it, and served by the real httpd.
func TestEveryLayoutServesAndIsGivenBack(t *testing.T) {
	t.Parallel()
	for layout, c := range map[installed.Layout]struct {
		config string            // main configuration file
		ends   string            // its last lines
		files  map[string]string // further files
		loads  string            // file among them that loads the package's mod_wsgi
		site   string            // where the site has to be
	}{
		installed.RedHat: {
			"conf/httpd.conf", "Include conf.modules.d/*.conf\nIncludeOptional conf.d/*.conf\n",
			map[string]string{"conf.d/welcome.conf": "# theirs\n", "conf.modules.d/10-wsgi-python3.conf": packagesModule},
			"conf.modules.d/10-wsgi-python3.conf", "conf.d/wsgictl-hello.conf",
		},
		installed.SUSE: {
			"etc/httpd.conf", "IncludeOptional ROOT/etc/conf.d/*.conf\nIncludeOptional ROOT/etc/vhosts.d/*.conf\n",
			map[string]string{"etc/conf.d/theirs.conf": "# theirs\n", "etc/vhosts.d/theirs.conf": "# theirs\n"}, "", "etc/vhosts.d/hello.conf",
		},
		installed.Alpine: {
			"etc/httpd.conf", "IncludeOptional ROOT/etc/conf.d/*.conf\n",
			map[string]string{"etc/conf.d/wsgi-module.conf": packagesModule}, "etc/conf.d/wsgi-module.conf", "etc/conf.d/wsgictl-hello.conf",
		},
		installed.FreeBSD: {
			"etc/apache24/httpd.conf", "IncludeOptional etc/apache24/modules.d/[0-9][0-9][0-9]_*.conf\nIncludeOptional etc/apache24/Includes/*.conf\n",
			map[string]string{"etc/apache24/modules.d/270_mod_wsgi.conf": packagesModule, "etc/apache24/Includes/no-accf.conf": "# theirs\n"},
			"etc/apache24/modules.d/270_mod_wsgi.conf", "etc/apache24/Includes/wsgictl-hello.conf",
		},
		installed.Arch:     {"conf/httpd.conf", "# no end of line", map[string]string{}, "", "conf/wsgictl/wsgictl-hello.conf"},
		installed.Homebrew: {"etc/httpd.conf", "# the end\n", map[string]string{}, "", "etc/wsgictl/wsgictl-hello.conf"},
		installed.Source:   {"conf/httpd.conf", "# the end\n", map[string]string{}, "", "conf/wsgictl/wsgictl-hello.conf"},
	} {
		t.Run(string(layout), func(t *testing.T) {
			t.Parallel()
			i := newLayoutInstance(t, layout, c.config, c.ends, c.files, c.loads)
			before := i.tree()
			if err := i.apply(i.declare("6.1.1", "hello")); err != nil {
				t.Fatal(err)
			}
			i.expect("hello", "6.1.1")
			if !isFile(filepath.Join(i.root, c.site)) {
				t.Errorf("no %s: %v", c.site, i.tree())
			}
			if plan, err := i.Plan(i.declare("6.1.1", "hello"), Refuse); err != nil || !plan.IsEmpty() {
				t.Errorf("a second plan: error %v, changes %v", err, plan)
			}
			if err := i.apply(i.declare("6.1.1", "hello", "shop")); err != nil {
				t.Fatal(err)
			}
			i.expect("shop", "6.1.1")
			for _, site := range []string{"hello", "shop"} {
				if err := i.remove(site); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(before, i.tree()); diff != "" {
				t.Errorf("the Apache is another one (-before +after):\n%s", diff)
			}
		})
	}
}

const packagesModule = "<IfModule !wsgi_module>\n    LoadModule wsgi_module /usr/lib/apache2/modules/mod_wsgi.so\n</IfModule>\n"

// newLayoutInstance makes a tree and starts its Apache.
func newLayoutInstance(t *testing.T, layout installed.Layout, config, ends string, files map[string]string, loads string) *instance {
	t.Helper()
	program := httpdtest.Program(t)
	needtest.Root(t)
	if program != "/usr/sbin/apache2" {
		needtest.Missing(t, "%s is not Debian's Apache", program)
	}
	dir, err := os.MkdirTemp("", "wsgictl-system-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	os.Chmod(dir, 0o755)
	i := &instance{t: t, root: filepath.Join(dir, "root"), apps: filepath.Join(dir, "apps"), port: httpdtest.FreePort(t)}
	main := i.write(config, i.mainFile()+strings.ReplaceAll(ends, "ROOT", i.root))
	for name, text := range files {
		i.write(name, text)
	}
	for _, folder := range []string{"run", "log"} {
		os.Mkdir(filepath.Join(i.root, folder), 0o755)
	}
	apache, err := New(i.detected(layout, main, loads))
	if err != nil {
		t.Fatal(err)
	}
	store, err := OpenHistory(filepath.Join(dir, "store"), "1.0", nil)
	if err != nil {
		t.Fatal(err)
	}
	i.Manager = Manager{Apache: apache, History: store, Limit: 20 * time.Second, Report: func(string) {}}
	i.start()
	return i
}

func (i *instance) mainFile() string {
	var text strings.Builder
	fmt.Fprintf(&text, "ServerRoot %q\nServerName 127.0.0.1\nListen 127.0.0.1:%d\nUser www-data\nGroup www-data\n", i.root, i.port)
	fmt.Fprintf(&text, "DefaultRuntimeDir run\nPidFile run/httpd.pid\nErrorLog log/error_log\nTypesConfig /dev/null\n")
	for _, name := range baseModules {
		fmt.Fprintf(&text, "LoadModule %s_module /usr/lib/apache2/modules/mod_%s.so\n", name, name)
	}
	return text.String()
}

// detected is what detection would tell of the tree.
func (i *instance) detected(layout installed.Layout, main, loads string) detect.Host {
	i.t.Helper()
	host, err := detect.Detect(i.t.Context(), detect.Request{HTTPD: "/usr/sbin/apache2", Python: "/usr/bin/python3"})
	if err != nil {
		i.t.Fatal(err)
	}
	a := host.Apache
	a.Layout, a.ServerRoot, a.ConfigFile, a.Instance = layout, i.root, main, true
	a.EnvVars, a.Control, a.PIDFile, a.Loaded = "", "", filepath.Join(i.root, "run/httpd.pid"), nil
	if loads != "" {
		a.Loaded = []detect.Loaded{{Path: "/usr/lib/apache2/modules/mod_wsgi.so", File: filepath.Join(i.root, loads), Line: 2}}
	}
	return host
}
