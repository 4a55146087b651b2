package wsgi_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/wsgi"
)

// look reads a configuration for a test.
func look(t *testing.T, configuration string) *wsgi.View {
	t.Helper()
	config := conf.ReadSource("/etc/apache2/site.conf", configuration, conf.Options{
		Modules: []conf.Module{wsgi.Module(modwsgi.Release{})},
	})
	for _, d := range config.Errors() {
		t.Errorf("the test's own configuration: %v", d)
	}
	return wsgi.Look(config, modwsgi.Release{}, nil)
}

// TestVerdict holds each rule of the decision against a small configuration.
// An expectation is one line for each application: host, mount point, mode,
// process group or code, and the line that decided.
func TestVerdict(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, configuration, want string
	}{
		{"without a group it is embedded", `
WSGIScriptAlias / /srv/app.wsgi`,
			"- / embedded  2"},
		{"a daemon that nothing selects changes nothing", `
WSGIDaemonProcess app
WSGIScriptAlias / /srv/app.wsgi`,
			"- / embedded  3"},
		{"the virtual host's group counts wherever it stands", `
WSGIDaemonProcess app
<VirtualHost *:80>
ServerName a.example
WSGIScriptAlias / /srv/app.wsgi
WSGIProcessGroup app
</VirtualHost>`,
			"a.example / daemon app 6"},
		{"the option of the alias suffices", `
WSGIDaemonProcess app
WSGIScriptAlias / /srv/app.wsgi process-group=app`,
			"- / daemon app 3"},
		{"a Directory elsewhere does not count", `
WSGIDaemonProcess app
WSGIScriptAlias / /srv/app.wsgi
<Directory /other>
WSGIProcessGroup app
</Directory>`,
			"- / embedded  3"},
		{"a Directory around the script counts", `
WSGIDaemonProcess app
WSGIScriptAlias / /srv/app/app.wsgi
<Directory /srv>
WSGIProcessGroup app
</Directory>`,
			"- / daemon app 5"},
		{"a Location elsewhere does not count", `
WSGIDaemonProcess app
WSGIScriptAlias /y /srv/app.wsgi
<Location /x>
WSGIProcessGroup app
</Location>`,
			"- /y embedded  3"},
		{"a Location below the mount point is a case of its own", `
WSGIDaemonProcess app
WSGIScriptAlias /y /srv/app.wsgi
<Location /y/admin>
WSGIProcessGroup app
</Location>`,
			"- /y embedded  3\n- /y/admin daemon app 5"},
		{"a group of another virtual host is out of reach", `
<VirtualHost *:80>
ServerName a.example
WSGIDaemonProcess app
</VirtualHost>
<VirtualHost *:80>
ServerName b.example
WSGIScriptAlias / /srv/app.wsgi
WSGIProcessGroup app
</VirtualHost>`,
			"b.example / refused WSGI0152 9"},
		{"a group of a virtual host of the same name is not", `
<VirtualHost *:80>
ServerName a.example
WSGIDaemonProcess app
WSGIScriptAlias / /srv/app.wsgi process-group=app
</VirtualHost>
<VirtualHost *:443>
ServerName a.example
WSGIScriptAlias / /srv/app.wsgi process-group=app
</VirtualHost>`,
			"a.example / daemon app 5\na.example / daemon app 9"},
		{"WSGIRestrictEmbedded refuses", `
WSGIRestrictEmbedded On
WSGIScriptAlias / /srv/app.wsgi`,
			"- / refused WSGI0143 2"},
		{"WSGIRestrictProcess refuses the empty group before that", `
WSGIRestrictEmbedded On
<VirtualHost *:80>
ServerName a.example
WSGIRestrictProcess app
WSGIScriptAlias / /srv/app.wsgi
</VirtualHost>`,
			"a.example / refused WSGI0149 5"},
		{"WSGIRestrictProcess looks at no case, the groups do", `
WSGIDaemonProcess app
WSGIRestrictProcess APP
WSGIScriptAlias /a /srv/a.wsgi process-group=app
WSGIScriptAlias /b /srv/b.wsgi process-group=App`,
			"- /a daemon app 4\n- /b refused WSGI0151 5"},
		{"no group at all has a code of its own", `
WSGIProcessGroup app
WSGIScriptAlias / /srv/app.wsgi`,
			"- / refused WSGI0150 2"},
		{"the first alias wins", `
WSGIDaemonProcess adm
WSGIScriptAlias / /srv/app.wsgi
WSGIScriptAlias /admin /srv/admin.wsgi process-group=adm`,
			"- / embedded  3"},
		{"a section of the main server beats a virtual host", `
WSGIDaemonProcess app
<Directory /srv>
WSGIProcessGroup %{GLOBAL}
</Directory>
<VirtualHost *:80>
ServerName a.example
WSGIProcessGroup app
WSGIScriptAlias / /srv/app.wsgi
</VirtualHost>`,
			"a.example / embedded  4"},
		{"%{GLOBAL} on the alias beats all", `
WSGIDaemonProcess app
WSGIProcessGroup app
WSGIScriptAlias / /srv/app.wsgi process-group=%{GLOBAL}`,
			"- / embedded  4"},
		{"an extension does not use the option of the alias", `
WSGIDaemonProcess app
DocumentRoot /srv/www
WSGIScriptAlias / /srv/app.wsgi process-group=app
<Directory /srv/www>
Options ExecCGI
AddHandler wsgi-script .wsgi
</Directory>`,
			"- / daemon app 4\n- /*.wsgi embedded  7"},
		{"a handler script uses WSGIProcessGroup", `
WSGIDaemonProcess app
WSGIProcessGroup app
WSGIHandlerScript h /srv/h.py
<Location /h>
SetHandler h
</Location>`,
			"- /h daemon app 3"},
		{"a handler script has an option too", `
WSGIDaemonProcess app
WSGIHandlerScript h /srv/h.py process-group=app
<Location /h>
SetHandler h
</Location>`,
			"- /h daemon app 3"},
		{"a dispatch script leaves it open", `
WSGIDaemonProcess app
WSGIDispatchScript /srv/dispatch.py
WSGIScriptAlias / /srv/app.wsgi process-group=app`,
			"- / dynamic app 3"},
		{"the environment leaves it open", `
WSGIDaemonProcess app
WSGIScriptAlias / /srv/app.wsgi process-group=%{ENV:POOL}`,
			"- / dynamic %{ENV:POOL} 3"},
		{"%{HOST} leaves it open", `
WSGIDaemonProcess app
WSGIProcessGroup %{HOST}
WSGIScriptAlias / /srv/app.wsgi`,
			"- / dynamic %{HOST} 3"},
		{"%{SERVER} does not", `
WSGIDaemonProcess a.example:8080
<VirtualHost *:8080>
ServerName a.example
WSGIScriptAlias / /srv/app.wsgi process-group=%{SERVER}
</VirtualHost>`,
			"a.example / daemon a.example:8080 5"},
		{"nor %{RESOURCE} of a single script", `
WSGIDaemonProcess a.example|/app
<VirtualHost *:80>
ServerName a.example
WSGIScriptAlias /app /srv/app.wsgi process-group=%{RESOURCE}
</VirtualHost>`,
			"a.example /app daemon a.example|/app 5"},
		{"other forms are taken as they stand", `
WSGIDaemonProcess app
WSGIScriptAlias / /srv/app.wsgi process-group=%{USER}`,
			"- / refused WSGI0151 3"},
		{"the main server's alias is each virtual host's", `
WSGIDaemonProcess app
Listen 80
WSGIScriptAlias / /srv/app.wsgi
<VirtualHost *:80>
ServerName a.example
WSGIProcessGroup app
</VirtualHost>
<VirtualHost *:80>
ServerName b.example
</VirtualHost>`,
			"a.example / daemon app 7\nb.example / embedded  4"},
		{"mod_wsgi is taken to be loaded", `
<IfModule mod_wsgi.c>
WSGIDaemonProcess app
<VirtualHost *:80>
ServerName a.example
<IfModule wsgi_module>
WSGIProcessGroup app
</IfModule>
WSGIScriptAlias / /srv/app.wsgi
</VirtualHost>
</IfModule>
<IfModule !mod_wsgi.c>
WSGIScriptAlias / /srv/other.wsgi
</IfModule>`,
			"a.example / daemon app 7"},
		{"a virtual host in an open condition is judged within it", `
<IfModule mod_ssl.c>
<VirtualHost *:443>
ServerName a.example
WSGIDaemonProcess app
WSGIScriptAlias / /srv/app.wsgi process-group=app
</VirtualHost>
</IfModule>`,
			"a.example / daemon app 6"},
		{"an open condition within leaves it open", `
WSGIDaemonProcess app
<IfModule mod_x.c>
WSGIProcessGroup app
</IfModule>
WSGIScriptAlias / /srv/app.wsgi`,
			"- / dynamic app 4"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, summary(look(t, test.configuration))); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func summary(v *wsgi.View) string {
	var lines []string
	for _, a := range v.Applications {
		host := a.Server.Name
		if host == "" {
			host = "-"
		}
		result := a.ProcessGroup
		if a.Mode == wsgi.Refused {
			result = a.Error
		}
		lines = append(lines, fmt.Sprintf("%s %s %s %s %d", host, a.Mount, a.Mode, result, a.DecidedBy.Pos().Line))
	}
	return strings.Join(lines, "\n")
}
