package detect

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/wsgictl/wsgictl/hostfiles"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/needtest"
)

func TestReadConfiguration(t *testing.T) {
	t.Parallel()
	type facts struct {
		User, MPM, PIDFile      string
		WSGI                    []Loaded
		Scripts, Users, Locales []string
		Unreadable              []string
	}
	tests := map[string]struct {
		tree string
		want facts
	}{
		"variables, continued lines, quotes, case": {
			"-- envvars --\nRUN_USER=www\nif [ 1 = 2 ]; then\nexport RUN_USER=web\nfi\n" +
				"-- etc/apache2.conf --\nuser ${RUN_USER}\nPIDFILE \"run/my server.pid\"\nDefine WHERE /opt/modules\nloadmodule wsgi_module \\\n  ${WHERE}/mod_wsgi.so\n#LoadModule wsgi_module /not/this.so\n",
			facts{User: "www", PIDFile: "/etc/run/my server.pid", WSGI: []Loaded{{"/opt/modules/mod_wsgi.so", "/etc/apache2.conf", 4}}},
		},
		"includes: a pattern, a folder, one that is gone, one of itself": {
			"-- etc/apache2.conf --\nIncludeOptional mods/*.load\nInclude sites\nIncludeOptional gone/*.conf\nInclude self.conf\n" +
				"-- etc/mods/a.load --\nLoadModule mpm_worker_module m/a.so\n-- etc/mods/b.load --\nLoadModule mpm_event_module m/b.so\n-- etc/mods/c.conf --\nUser never\n" +
				"-- etc/sites/deep/app.conf --\nWSGIScriptAlias /a \"/srv/my app/wsgi.py\" process-group=x\nWSGIScriptAliasMatch ^/(.*) /srv/$1.wsgi\n" +
				"-- etc/self.conf --\nInclude self.conf\n",
			facts{MPM: "worker", Scripts: []string{"/srv/my app/wsgi.py"}, Unreadable: []string{"/etc/self.conf:1:1"}},
		},
		"conditions": {
			"-- etc/apache2.conf --\n<IfModule mod_so.c>\nLoadModule status_module m/s.so\n</IfModule>\n" +
				"<IfModule !mod_status.c>\nUser a\n<IfModule mod_so.c>\nUser b\n</IfModule>\nUser c\n</IfModule>\n" +
				"<IfModule status_module>\n<IfDefine !DEBUG>\nUser d\n</IfDefine>\n</IfModule>\n<IfDefine DEBUG>\nUser e\n</IfDefine>\n" +
				"<IfFile /etc/gone>\nUser f\n</IfFile>\n<IfVersion >= 2.4>\n<VirtualHost *:80>\nWSGIDaemonProcess x user=app locale='C.UTF-8' lang=\"de_DE.UTF-8\"\n</VirtualHost>\n</IfVersion>\nWSGIDaemonProcess y\n",
			facts{User: "d", Users: []string{"app", ""}, Locales: []string{"C.UTF-8", "de_DE.UTF-8"}},
		},
		"options of a group: the last counts, and quotes stand behind the equals sign": {
			"-- etc/apache2.conf --\nWSGIDaemonProcess x display-name='user=a locale=b' user=c user=app lang=de_DE.UTF-8 lang=C.UTF-8\n" +
				"WSGIDaemonProcess \"user=d\" threads=5\tuser=\"web app\" home=/srv\n",
			facts{Users: []string{"app", "web app"}, Locales: []string{"C.UTF-8"}},
		},
		"releases": {
			"-- etc/apache2.conf --\n<IfVersion < 2.4>\nLoadModule wsgi_module /old.so\n</IfVersion>\n<IfVersion >= 2.4>\nLoadModule wsgi_module /new.so\n</IfVersion>\n",
			facts{WSGI: []Loaded{{"/new.so", "/etc/apache2.conf", 5}}},
		},
		"macros, a folder that is not the pid file's": {
			"-- etc/apache2.conf --\nDefaultRuntimeDir /run/httpd\nPidFile my.pid\nLoadModule macro_module m/macro.so\n<Macro Site $name>\n<VirtualHost *:80>\n" +
				"WSGIDaemonProcess $name user=$name\nWSGIScriptAlias / /srv/$name.wsgi\n</VirtualHost>\n</Macro>\nUse Site shop\nUse Site blog\n",
			facts{PIDFile: "/etc/my.pid", Scripts: []string{"/srv/shop.wsgi", "/srv/blog.wsgi"}, Users: []string{"shop", "blog"}},
		},
		"no configuration at all": {
			"-- etc/x --\n", facts{Unreadable: []string{"/etc/apache2.conf"}},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := layTree(t, test.tree)
			a := &Apache{Apache: installed.Apache{ServerRoot: "/etc", ConfigFile: "/etc/apache2.conf", EnvVars: "/envvars", Version: "2.4.62", BuiltIn: []string{"core", "so", "version"}}}
			c := treeAt(root).readConfiguration(a, nil, nil)
			var unread []string
			for _, look := range c.unread {
				unread = append(unread, look.Place)
			}
			got := facts{a.User, a.MPM, a.PIDFile, a.Loaded, c.scripts, c.daemonUsers, c.locales, unread}
			if diff := cmp.Diff(test.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Whoever writes a part of the configuration can make it grow without end.
func TestReadingOfConfigurationEnds(t *testing.T) {
	t.Parallel()
	doubling := "User www-data\nDefine A x\n" + strings.Repeat("Define A ${A}${A}\n", 60)
	itself := "User www-data\n" + strings.Repeat("Include httpd.conf\n", 8)
	for name, text := range map[string]string{"definitions": doubling, "includes": itself} {
		root := layTree(t, "-- etc/httpd.conf --\n"+text)
		a := &Apache{Apache: installed.Apache{ServerRoot: "/etc", ConfigFile: "/etc/httpd.conf"}}
		treeAt(root).readConfiguration(a, nil, nil)
		if a.User != "www-data" {
			t.Errorf("%s: the user is %q", name, a.User)
		}
	}
}

// TestConfigurationThatWasReadIsNotReadAgain gives what the caller has read: the file
// is gone by then.
func TestConfigurationThatWasReadIsNotReadAgain(t *testing.T) {
	t.Parallel()
	root := layTree(t, "-- etc/httpd.conf --\nUser read\nLoadModule wsgi_module /srv/mod_wsgi.so\n")
	a := Apache{Apache: installed.Apache{ServerRoot: "/etc", ConfigFile: "/etc/httpd.conf", BuiltIn: []string{"core", "so"}}}
	config, err := conf.Read(a.ConfigFile, a.Options(hostfiles.Root(root), nil))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "etc/httpd.conf"), []byte("User again\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	given := func(string, conf.Options) (*conf.Config, error) { return config, nil }
	for want, read := range map[string]func(string, conf.Options) (*conf.Config, error){"read": given, "again": nil} {
		now := a
		treeAt(root).readConfiguration(&now, read, nil)
		if now.User != want || (len(now.Loaded) == 1) != (read != nil) {
			t.Errorf("user %s, loaded %v; want %s", now.User, now.Loaded, want)
		}
	}
}

func TestServerIsTheApacheThatDetectionFinds(t *testing.T) {
	t.Parallel()
	server, err := Server(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if server == nil {
		needtest.Missing(t, "no httpd on this machine")
	}
	host, err := Detect(t.Context(), Request{ServerOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	got := []any{server.Path, server.ConfigFile, server.ServerRoot, server.Version, server.BuiltIn}
	want := []any{host.Apache.Path, host.Apache.ConfigFile, host.Apache.ServerRoot, host.Apache.Version, host.Apache.BuiltIn}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-detected +server):\n%s", diff)
	}
}
