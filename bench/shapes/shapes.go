// Package shapes makes large Apache configurations for measuring what it takes to
// read them, to follow requests through them and to audit them.
package shapes

import (
	"fmt"
	"strings"
)

// Shape is one way for a configuration to be large.
type Shape struct {
	Name string
	head string           // of the main server
	host func(int) string // what is written for each virtual host
	word func(int) string // what each virtual host adds to the last line of head; nil for nothing
}

// All are the shapes that are measured. Those with sections outside of the virtual
// hosts take quadratic time where each host is held against each of them.
func All() []Shape {
	return []Shape{
		{Name: "half of the hosts embedded", head: common, host: Site},
		{Name: "a Directory inside and one outside", head: common, host: insideAndOutside},
		{Name: "groups chosen outside", head: common, host: outsideGroup},
		{Name: "applications and conditions of one server", head: common, host: applicationAndConditions},
		{Name: "a Listen for each host", head: withoutListen, host: ownListen},
		{Name: "folders of users", head: common + usersOfAll, host: usersOfHost},
		{Name: "groups, and applications of other names", head: common, host: unknownGroup},
		{Name: "a handler for a folder of each host", head: common + "WSGIProcessGroup shared\n", host: handlerOfHost},
		{Name: "a path and an import for each application", head: common, host: pathAndImport},
		{Name: "groups and restrictions in doubt", head: common + "WSGIScriptAlias / /srv/app.wsgi\n", host: groupInDoubt},
		{Name: "addresses of clients and trusted proxies", head: common + "WSGIScriptAlias / /srv/app.wsgi\n", host: remoteAndTrusted},
		{Name: "a group of each host, which its alias forgets", head: common, host: idleGroup},
		{Name: "aliases that all hosts inherit", head: common, host: inheritedAlias},
		{Name: "handlers that all hosts inherit", head: common, host: inheritedHandler},
		{Name: "sections for parts of all hosts", head: common, host: partOfAllHosts},
		{Name: "sections for files, outside of the hosts", head: common, host: filesOfHost},
		{Name: "one list of groups for all applications", head: common + "WSGIRestrictProcess", host: unlistedGroup, word: listedGroup},
	}
}

// Write is a configuration with that many virtual hosts.
func (s Shape) Write(hosts int) string {
	var configuration strings.Builder
	configuration.WriteString(s.head)
	for i := range hosts {
		if s.word != nil {
			configuration.WriteString(s.word(i))
		}
	}
	configuration.WriteByte('\n')
	for i := range hosts {
		configuration.WriteString(s.host(i))
	}
	return configuration.String()
}

const common = "Listen 8099\n" + withoutListen

const withoutListen = "ServerName bench.example\nWSGIDaemonProcess shared processes=2 threads=15\n<Directory />\nRequire all denied\n</Directory>\n"

func insideAndOutside(i int) string {
	return fmt.Sprintf(`<VirtualHost *:8099>
ServerName s%[1]d.example.org
WSGIScriptAlias / /srv/s%[1]d/app.wsgi
WSGIProcessGroup shared
<Directory /srv/s%[1]d/media>
Require all granted
</Directory>
</VirtualHost>
<Directory /srv/s%[1]d>
Require all granted
</Directory>
`, i)
}

func outsideGroup(i int) string {
	return fmt.Sprintf(`<VirtualHost *:8099>
ServerName s%[1]d.example.org
WSGIScriptAlias / /srv/s%[1]d/app.wsgi
</VirtualHost>
<Directory /srv/s%[1]d>
WSGIProcessGroup shared
Require all granted
</Directory>
`, i)
}

// applicationAndConditions is an application of the main server: a condition that
// is about it alone, and one that hangs on the client.
func applicationAndConditions(i int) string {
	return fmt.Sprintf(`WSGIScriptAlias /app%[1]d /srv/%[1]d/app.wsgi
<If "%%{REQUEST_URI} =~ m#^/app%[1]d/#">
WSGIProcessGroup shared
</If>
<If "%%{HTTP:X-Site} == '%[1]d'">
Header set X-Site %[1]d
</If>
`, i)
}

// ownListen has 50,000 hosts on as many ports of two addresses.
func ownListen(i int) string {
	return fmt.Sprintf(`Listen 127.0.%[2]d.1:%[3]d
<VirtualHost 127.0.%[2]d.1:%[3]d>
ServerName s%[1]d.example.org
WSGIScriptAlias / /srv/s%[1]d/app.wsgi process-group=shared
</VirtualHost>
`, i, i%2, 10_000+i/2)
}

// usersOfAll runs scripts in the folders of users, whoever they are.
const usersOfAll = `UserDir public_html
UserDir disabled root
<Directory /home/*/public_html>
Options +ExecCGI
AddHandler wsgi-script .wsgi
Require all granted
</Directory>
`

func usersOfHost(i int) string {
	return fmt.Sprintf(`<VirtualHost *:8099>
ServerName s%[1]d.example.org
UserDir /srv/s%[1]d/users/*/www
UserDir disabled guest%[1]d
<Directory /srv/s%[1]d/users>
SetHandler wsgi-script
Require all granted
</Directory>
</VirtualHost>
`, i)
}

func unknownGroup(i int) string {
	return fmt.Sprintf("WSGIDaemonProcess group%[1]d\nWSGIScriptAlias /app%[1]d /srv/%[1]d/app.wsgi process-group=other%[1]d\n", i)
}

// handlerOfHost writes its paths with slashes that are not needed: to clean such a
// path takes memory, so that one that is looked at again and again is seen.
func handlerOfHost(i int) string {
	return fmt.Sprintf(`<VirtualHost *:8099>
ServerName s%[1]d.example.org
DocumentRoot /srv//s%[1]d/htdocs
<Directory /srv//s%[1]d/app>
SetHandler wsgi-script
Require all granted
</Directory>
</VirtualHost>
`, i)
}

func pathAndImport(i int) string {
	return fmt.Sprintf(`WSGIPythonPath /srv/%[1]d
WSGIScriptAlias /app%[1]d /srv//%[1]d/app.wsgi process-group=shared
WSGIImportScript /srv//%[1]d/load.py process-group=shared application-group=%%{GLOBAL}
`, i)
}

func groupInDoubt(i int) string {
	return fmt.Sprintf(`<IfModule mod_a%[1]d.c>
WSGIProcessGroup shared
</IfModule>
<IfModule mod_b%[1]d.c>
WSGIRestrictProcess shared
</IfModule>
`, i)
}

// remoteAndTrusted is of hosts and, every second time, of the main server.
func remoteAndTrusted(i int) string {
	const both = "RemoteIPHeader X-Forwarded-For\nWSGITrustedProxies 192.0.2.10\n"
	if i%2 == 0 {
		return both
	}
	return fmt.Sprintf("<VirtualHost *:8099>\nServerName s%d.example.org\n%s</VirtualHost>\n", i, both)
}

// idleGroup has the number of threads looked at of each group.
func idleGroup(i int) string {
	return fmt.Sprintf(`<VirtualHost *:8099>
ServerName s%[1]d.example.org
WSGIDaemonProcess group%[1]d threads=5
WSGIScriptAlias / /srv/s%[1]d/app.wsgi
</VirtualHost>
`, i)
}

func inheritedAlias(i int) string {
	return fmt.Sprintf("WSGIScriptAlias /app%[1]d /srv/%[1]d/app.wsgi\n<VirtualHost *:8099>\nServerName s%[1]d.example.org\n</VirtualHost>\n", i)
}

func inheritedHandler(i int) string {
	return fmt.Sprintf(`<Location /app%[1]d>
SetHandler wsgi-script
</Location>
<Directory /srv/htdocs/app%[1]d>
SetHandler wsgi-script
</Directory>
<VirtualHost *:8099>
ServerName s%[1]d.example.org
DocumentRoot /srv/htdocs
</VirtualHost>
`, i)
}

func partOfAllHosts(i int) string {
	return fmt.Sprintf(`<Location /part%[1]d>
WSGIProcessGroup shared
</Location>
<VirtualHost *:8099>
ServerName s%[1]d.example.org
WSGIScriptAlias / /srv/s%[1]d/app.wsgi
</VirtualHost>
`, i)
}

func listedGroup(i int) string { return fmt.Sprintf(" group%d", i) }

func unlistedGroup(i int) string {
	return fmt.Sprintf("WSGIScriptAlias /app%[1]d /srv/%[1]d/app.wsgi process-group=other%[1]d\n", i)
}

// Site is one virtual host of about 1,100 bytes, as a tool that sets up
// hosting would write it. The odd ones name no daemon process group.
func Site(i int) string {
	group := fmt.Sprintf("    WSGIProcessGroup shared\n    WSGIApplicationGroup site%d\n", i)
	if i%2 == 1 {
		group = "    # The group is set elsewhere.\n"
	}
	return fmt.Sprintf(siteText, i, group)
}

const siteText = `# Site %[1]d, written by the control panel. Do not edit.
<VirtualHost *:8099>
    ServerName site%[1]d.example.com
    ServerAlias www.site%[1]d.example.com site%[1]d.example.net
    ServerAdmin webmaster@site%[1]d.example.com
    DocumentRoot /srv/sites/%[1]d/htdocs

    WSGIScriptAlias / /srv/sites/%[1]d/app/site.wsgi
%[2]s
    Alias /static/ /srv/sites/%[1]d/static/
    Alias /media/ /srv/sites/%[1]d/media/
    Alias /favicon.ico /srv/sites/%[1]d/static/favicon.ico

    SetEnv SITE_NUMBER %[1]d
    SetEnvIf Request_URI "^/health" dontlog
    Header always set X-Frame-Options "SAMEORIGIN"
    Header always set X-Content-Type-Options "nosniff"

    <Directory /srv/sites/%[1]d/app>
        <Files site.wsgi>
            Require all granted
        </Files>
    </Directory>
    <Directory /srv/sites/%[1]d/static>
        Options -Indexes +FollowSymLinks
        Require all granted
    </Directory>
    <Location /admin>
        Require ip 10.0.0.0/8
    </Location>

    LogLevel warn
    ErrorLog logs/sites_error.log
</VirtualHost>
`

// filesOfHost is a script that no other host has, with a section for it, and one for a
// pattern, outside of the hosts.
func filesOfHost(i int) string {
	return fmt.Sprintf(`<VirtualHost *:8099>
ServerName s%[1]d.example.org
WSGIScriptAlias / /srv/s%[1]d/app%[1]d.wsgi
WSGIScriptAlias /same /srv/s%[1]d/app.wsgi
</VirtualHost>
<Files app%[1]d.wsgi>
WSGIProcessGroup shared
</Files>
<Files "old%[1]d.*">
WSGIProcessGroup shared
</Files>
`, i)
}
