package conf

import "testing"

func TestApacheIsToldFromOtherConfiguration(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text string
		want bool
	}{
		"a virtual host":     {"# site\n<VirtualHost *:80>\nServerName a\nWSGIScriptAlias / /a.wsgi\n</VirtualHost>\n", true},
		"one line":           {"WSGIScriptAlias / /srv/a.wsgi\n", true},
		"modules of ours":    {"WSGIDaemonProcess a\nPassengerRoot /x\nWSGIProcessGroup a", true},
		"lower case":         {"<directory /srv>\norder allow,deny\nallow from all\n</directory>\nServerAdmin a\n", true},
		"a log format":       {"LogFormat \"%h %{Referer}i {\"\nCustomLog /x y", true},
		"Jinja":              {"{% for s in sites %}\n<VirtualHost *:{{ port }}>\nServerName {{ s }}\n{{ extra }}\n</VirtualHost>\n{% endfor %}", true},
		"EPP":                {"<%- | String $a | -%>\n<% if $a { -%>\nListen <%= $a %>\n<% } -%>\n", true},
		"nginx":              {"user www-data;\nserver {\n  listen 80;\n  server_name a;\n  include x;\n  root /srv;\n}\n", false},
		"nginx's includes":   {"include a;\ninclude b;\n", false},
		"INI":                {"[program:a]\nuser = a\nlisten = 80\ntimeout = 5\n", false},
		"INI without blanks": {"user=a\nlisten=80\n", false},
		"Redis":              {"port 6379\ntimeout 0\ninclude /x\nloglevel notice\nbind 127.0.0.1\ndatabases 16\nsave 900 1\n", false},
		"PAM":                {"session required pam_loginuid.so\nsession optional pam_motd.so\nauth required a.so\n", false},
		"SSH":                {"Host *\nUser git\nProtocol 2\nHashKnownHosts yes\nSendEnv LANG\n", false},
		"YAML":               {"a: b\nListen: 80\n", false},
		"a script":           {"#!/bin/sh\nset -e\nexec apache2\n", false},
		"nothing":            {"", false},
		"only marks":         {"{{ content }}\n", false},
	} {
		if got := IsApache(test.text); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
