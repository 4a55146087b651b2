package audit_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/wsgi"
	"github.com/wsgictl/wsgictl/wsgi/wsgitest"
)

// claims are configurations of one virtual host, with what a real server
// answers and whether a rule that speaks of requests finds something. ROOT
// stands for the folder with app.wsgi and other.wsgi in it.
var claims = []struct {
	rule          string
	configuration string
	path          string
	status        int
	found         bool
}{
	{"alias-shadowed", "WSGIScriptAlias / ROOT/srv/app.wsgi\nWSGIScriptAlias /admin ROOT/srv/gone.wsgi", "/admin", 200, true},
	{"alias-shadowed", "WSGIScriptAlias /admin ROOT/srv/gone.wsgi\nWSGIScriptAlias / ROOT/srv/app.wsgi", "/admin", 404, false},
	{"slash-mismatch", "WSGIScriptAlias /shop/ ROOT/srv/app.wsgi", "/shop/cart", 404, true},
	{"slash-mismatch", "WSGIScriptAlias /shop/ ROOT/srv/app.wsgi", "/shop/", 200, true},
	{"slash-mismatch", "WSGIScriptAlias /shop ROOT/srv/app.wsgi", "/shop/cart", 200, false},
	{"slash-mismatch", "WSGIScriptAlias /shop ROOT/srv/app.wsgi/", "/shop/cart", 200, false},
	{"slash-mismatch", "WSGIScriptAlias / ROOT/srv/app.wsgi", "/cart", 200, false},
	{"require-missing", "WSGIScriptAlias / ROOT/srv/app.wsgi\n<Directory ROOT/srv>\nRequire all denied\n</Directory>", "/", 403, true},
	{"require-missing", "WSGIScriptAlias / ROOT/srv/app.wsgi\n<Directory ROOT/srv>\nRequire all denied\nOrder allow,deny\nAllow from all\n</Directory>", "/", 403, true},
	{"require-missing", "WSGIScriptAlias / ROOT/srv/app.wsgi\n<Directory ROOT/srv>\nRequire all denied\nSatisfy Any\nOrder allow,deny\nAllow from all\n</Directory>", "/", 200, false},
	{"require-missing", "WSGIScriptAlias / ROOT/srv/app.wsgi\n<Directory ROOT/srv>\nRequire all denied\n<Files app.wsgi>\nRequire all granted\n</Files>\n</Directory>", "/", 200, false},
	{"require-missing", "WSGIScriptAlias / ROOT/srv/app.wsgi\n<Directory ROOT/srv>\nRequire all denied\n</Directory>\n<Location />\nRequire all granted\n</Location>", "/", 200, false},
	{"require-missing", "WSGIScriptAlias / ROOT/srv/app.wsgi\n<Directory ROOT/srv>\nRequire all denied\nRequire all granted\n</Directory>", "/", 200, false},
	{"alias-order-static", "WSGIScriptAlias /shop ROOT/srv/app.wsgi\nAlias / ROOT/empty/", "/shop", 404, true},
	{"alias-order-static", "WSGIScriptAlias / ROOT/srv/app.wsgi\nAlias /static ROOT/empty/", "/shop", 200, false},
	{"alias-order-static", "ProxyPass /shop !\nProxyPass / http://127.0.0.1:1/\nWSGIScriptAlias /shop ROOT/srv/app.wsgi", "/shop", 200, false},
	{"alias-order-static", "WSGIScriptAlias / ROOT/srv/app.wsgi\nRedirectMatch 410 ^/", "/shop", 410, true},
	{"alias-order-static", "WSGIScriptAlias / ROOT/srv/app.wsgi\nRedirectMatch 410 ^/$", "/shop", 200, false},
	{"alias-order-static", "WSGIScriptAlias /shop ROOT/srv/app.wsgi\nRewriteEngine On\nRewriteRule ^ - [F]", "/shop", 403, true},
	{"rewrite-without-pt", "RewriteEngine On\nRewriteRule ^/old/(.*)$ /shop/$1 [L]\nWSGIScriptAlias /shop ROOT/srv/app.wsgi", "/old/x", 404, true},
	{"rewrite-without-pt", "RewriteEngine On\nRewriteRule ^/old/(.*)$ /shop/$1 [PT,L]\nWSGIScriptAlias /shop ROOT/srv/app.wsgi", "/old/x", 200, false},
	{"rewrite-without-pt", "RewriteRule ^/old/(.*)$ /shop/$1 [L]\nWSGIScriptAlias / ROOT/srv/app.wsgi", "/old/x", 200, false},
	{"addhandler-execcgi", "DocumentRoot ROOT/srv\nAddHandler wsgi-script .wsgi", "/app.wsgi", 403, true},
	{"addhandler-execcgi", "DocumentRoot ROOT/srv\n<Directory ROOT/srv>\nOptions +ExecCGI\nAddHandler wsgi-script .wsgi\n</Directory>", "/app.wsgi", 200, false},
	{"addhandler-execcgi", "DocumentRoot ROOT/srv\nOptions All\n<Directory ROOT/srv>\nOptions -Indexes\nAddHandler wsgi-script .wsgi\n</Directory>", "/app.wsgi", 200, false},
	{"addhandler-execcgi", "DocumentRoot ROOT/srv\nOptions All\n<Directory ROOT/srv>\nOptions FollowSymLinks\nAddHandler wsgi-script .wsgi\n</Directory>", "/app.wsgi", 403, true},
	{"addhandler-execcgi", "DocumentRoot ROOT/srv\nWSGIHandlerScript mine ROOT/srv/app.wsgi\n<Directory ROOT/srv>\nSetHandler mine\n</Directory>", "/x", 200, false},
	{"restrict-process-mismatch", "WSGIScriptAlias / ROOT/srv/app.wsgi\nWSGIRestrictProcess blog", "/", 500, true},
	{"restrict-process-mismatch", "WSGIScriptAlias / ROOT/srv/app.wsgi\nWSGIRestrictProcess blog\n<Location />\nWSGIRestrictProcess %{GLOBAL}\n</Location>", "/", 200, false},
	{"script-under-docroot", "DocumentRoot ROOT/srv\nWSGIScriptAlias /shop ROOT/srv/app.wsgi", "/app.wsgi", 200, true},
	{"script-under-docroot", "Alias /files ROOT/srv\nWSGIScriptAlias / ROOT/srv/app.wsgi", "/files/app.wsgi", 200, true},
	{"script-under-docroot", "DocumentRoot ROOT/empty\nWSGIScriptAlias /shop ROOT/srv/app.wsgi", "/app.wsgi", 404, false},
	{"old-access-control", "WSGIScriptAlias / ROOT/srv/app.wsgi\n<Directory ROOT>\nRequire all denied\n</Directory>\n<Directory ROOT/srv>\nOrder allow,deny\nAllow from all\n</Directory>", "/", 403, true},
	{"old-access-control", "WSGIScriptAlias / ROOT/srv/app.wsgi\n<Directory ROOT>\nRequire all denied\n</Directory>\n<Directory ROOT/srv>\nRequire all granted\n</Directory>", "/", 200, false},
	{"addhandler-py-broad", "DocumentRoot ROOT/srv\n<FilesMatch \".+\\.py$\">\nSetHandler wsgi-script\n</FilesMatch>\n<Directory ROOT/srv>\nOptions ExecCGI\n</Directory>", "/settings.py", 200, true},
	{"addhandler-py-broad", "DocumentRoot ROOT/srv\nOptions ExecCGI\n<FilesMatch \"^(app|shop)\\.py$\">\nSetHandler wsgi-script\n</FilesMatch>", "/settings.py", 200, false}, // as text,
	{"group-name-literal", "WSGIScriptAlias / ROOT/srv/app.wsgi process-group=%{Global}", "/", 500, true},
}

// TestRulesAgreeWithServer asks a real server what rules say of requests.
func TestRulesAgreeWithServer(t *testing.T) {
	t.Parallel()
	s := httpdtest.New(t)
	s.Write("srv/app.wsgi", wsgitest.Script)
	s.Write("srv/settings.py", wsgitest.Script)
	s.Write("empty/index.html", "static")
	var configuration strings.Builder
	configuration.WriteString(s.LoadModule("6.1.1"))
	for i, claim := range claims {
		fmt.Fprintf(&configuration, "<VirtualHost *:%d>\nServerName h%d.test\n%s\n</VirtualHost>\n", s.Port, i, strings.ReplaceAll(claim.configuration, "ROOT", s.Root))
	}
	s.Start(configuration.String())
	for i, claim := range claims {
		text := strings.ReplaceAll(claim.configuration, "ROOT", s.Root)
		if status, body := s.Get(fmt.Sprintf("h%d.test", i), claim.path); status != claim.status {
			t.Errorf("%s: GET %s: status %d, want %d\n%s\n%s", claim.rule, claim.path, status, claim.status, text, body)
		}
		if found := finds(t, claim.rule, text); found != claim.found {
			t.Errorf("%s finds something: %v, want %v\n%s", claim.rule, found, claim.found, text)
		}
	}
}

// finds tells whether a rule finds something in a part of a configuration.
func finds(t *testing.T, rule, configuration string) bool {
	t.Helper()
	return len(findingsInPart(t, rule, modwsgi.Newest, configuration)) > 0
}

func findingsInPart(t *testing.T, rule string, release modwsgi.Release, configuration string) []*audit.Finding {
	t.Helper()
	config := conf.ReadSource("site.conf", configuration+"\n", conf.Options{Modules: []conf.Module{wsgi.Module(release)}})
	return audit.Run(wsgi.Look(config, release, nil), audit.Settings{Select: []string{rule}}).Findings
}
