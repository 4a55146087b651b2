package wsgi_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/wsgi"
	"github.com/wsgictl/wsgictl/wsgi/wsgitest"
)

// mapping is a virtual host and URLs of it: each way of httpd to find what
// answers. HERE stands for its folder, in which there are the scripts of
// mappingFiles besides its own files.
type mapping struct {
	name          string
	configuration string
	files         map[string]string
	paths         string // with blanks between them
}

var mappingFiles = []string{"app.wsgi", "other.wsgi", "handler.py", "dir/index.wsgi", "dir/one.wsgi", "docs/index.wsgi", "docs/a.wsgi", "docs/sub/index.wsgi",
	"docs/sub/b.wsgi", "docs/empty/x.txt", "docs/t.txt", "docs/html/index.html", "docs/x.foo"}

// scripts lets the files of the DocumentRoot run.
const scripts = "<Directory HERE/docs>\nOptions +ExecCGI\nAddHandler wsgi-script .wsgi\nAllowOverride All\n</Directory>\n"

var mappings = []mapping{
	{"DirectoryIndex", scripts + "DirectoryIndex index.wsgi", nil, "/ /sub/ /sub /empty/ /html/ /nothing/ /sub/?x=1 /a.wsgi/ /sub/index.wsgi /sub/index.wsgi/info"},
	{"DirectoryIndex of several names", scripts + "DirectoryIndex index.html index.wsgi", nil, "/ /sub/ /html/ /empty/"},
	{"DirectoryIndex lines add up", scripts + "DirectoryIndex none.html\nDirectoryIndex index.wsgi", nil, "/ /sub/"},
	{"DirectoryIndex of a section replaces the outer one", scripts + "DirectoryIndex index.wsgi\n<Directory HERE/docs/sub>\nDirectoryIndex b.wsgi\n</Directory>", nil, "/ /sub/"},
	{"DirectoryIndex disabled", scripts + "DirectoryIndex index.wsgi\n<Directory HERE/docs/sub>\nDirectoryIndex disabled\n</Directory>", nil, "/ /sub/"},
	{"DirectoryIndex in .htaccess", scripts, map[string]string{"docs/.htaccess": "DirectoryIndex a.wsgi\n"}, "/ /sub/"},
	{"conditions in .htaccess", scripts, map[string]string{"docs/.htaccess": "DirectoryIndex a.wsgi\n<IfDefine STRAY>\nDirectoryIndex disabled\n</IfDefine>\n<IfModule stray_module>\nDirectoryIndex disabled\n</IfModule>\n"}, "/ /sub/"},
	{"DirectoryIndex is a URL of an alias", "DirectoryIndex index.html /app\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1", nil, "/ /sub/ /html/ /empty/"},
	{"DirectoryIndex is below an alias", "DirectoryIndex /app/start\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1", nil, "/ /sub/"},
	{"DirectoryIndex and the sections of the index", scripts + "DirectoryIndex index.wsgi\n<Location /sub/index.wsgi>\nWSGIProcessGroup g1\n</Location>\n<Directory HERE/docs>\n<Files index.wsgi>\nWSGIProcessGroup g0\n</Files>\n</Directory>", nil, "/ /sub/"},
	{"DirectoryIndex default", scripts, nil, "/html/ /"},
	{"DirectoryIndex of a script alias", "DirectoryIndex index.wsgi\nWSGIScriptAlias /dir/ HERE/dir/ process-group=g1\nWSGIScriptAlias /d HERE/dir process-group=g0", nil, "/dir/ /dir/one.wsgi /dir /d /d/ /d/one.wsgi/x"},
	{"DirectoryIndex of an Alias", "DirectoryIndex index.wsgi\nAlias /dir HERE/dir\n<Directory HERE/dir>\nOptions +ExecCGI\nAddHandler wsgi-script .wsgi\nWSGIProcessGroup g1\n</Directory>", nil, "/dir/ /dir /dir/one.wsgi"},
	{"DirectoryCheckHandler", scripts + "DirectoryIndex index.wsgi\nDirectoryCheckHandler On\n<Location /sub>\nSetHandler wsgi-script\n</Location>", nil, "/ /sub/ /sub/b.wsgi"},
	{"DirectorySlash Off", scripts + "DirectoryIndex index.wsgi\nDirectorySlash Off", nil, "/sub /sub/"},
	{"an index without ExecCGI", "AddHandler wsgi-script .wsgi\nDirectoryIndex index.wsgi", nil, "/ /sub/"},
	{"an index that is not there, where scripts may not run", "AddHandler wsgi-script .wsgi\nDirectoryIndex none.wsgi index.wsgi\nFallbackResource /none.wsgi", nil, "/ /sub/ /empty/ /x /x.wsgi"},
	{"IndexRedirect", scripts + "DirectoryIndex index.wsgi\nDirectoryIndexRedirect on", nil, "/ /sub/"},

	{"FallbackResource to an alias", "FallbackResource /app\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1", nil, "/ /x /x/y /t.txt /sub/ /sub /app /app/z /html/ /empty/"},
	{"FallbackResource to a file", scripts + "FallbackResource /index.wsgi", nil, "/ /x /x/y /t.txt /sub/ /sub/none /a.wsgi /a.wsgi/x /t.txt/x"},
	{"FallbackResource of a folder", scripts + "<Directory HERE/docs/sub>\nFallbackResource /sub/b.wsgi\n</Directory>", nil, "/x /sub/x /sub/ /sub"},
	{"FallbackResource disabled", scripts + "FallbackResource /index.wsgi\n<Directory HERE/docs/sub>\nFallbackResource disabled\n</Directory>", nil, "/x /sub/x /sub/"},
	{"FallbackResource in .htaccess", scripts, map[string]string{"docs/.htaccess": "FallbackResource /a.wsgi\n"}, "/x /sub/x / /t.txt"},
	{"FallbackResource and DirectoryIndex", scripts + "DirectoryIndex index.wsgi\nFallbackResource /a.wsgi", nil, "/ /sub/ /empty/ /html/ /none"},
	{"FallbackResource where a handler is set", scripts + "FallbackResource /index.wsgi\n<Location /h>\nSetHandler server-info\n</Location>", nil, "/h/1 /x.wsgi"},

	{"FallbackResource that leads to itself", "FallbackResource /none\nErrorDocument 404 /app\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1", nil, "/x /none /t.txt"},
	{"FallbackResource and DirectoryIndex before the handler of a rule", "FallbackResource /app\nDirectoryIndex t.txt\n<Directory HERE/docs>\nOptions +ExecCGI\n</Directory>\nRewriteEngine On\nRewriteRule ^/(x|a|empty/) - [H=wsgi-script]\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1", nil, "/x /a.wsgi /empty/ /"},
	{"the handler of a rule over SetHandler", "<Directory HERE/docs>\nOptions +ExecCGI\nSetHandler server-info\n</Directory>\nRewriteEngine On\nRewriteRule ^/a - [H=wsgi-script]", nil, "/a.wsgi /t.txt"},
	{"a rule of the server forces a handler, and one of the folder redirects", "RewriteEngine On\nRewriteRule ^/x - [H=wsgi-script]\n<Directory HERE/docs>\nRewriteEngine On\nRewriteRule ^(x|y) /app [L]\n</Directory>\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1", nil, "/x /y"},
	{"Action by extension", "AddHandler mine .foo\nAction mine /app\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1", nil, "/x.foo /none.foo /t.txt /x.foo/info"},
	{"Action virtual", "<Location /v>\nSetHandler mine\n</Location>\nAction mine /app virtual\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1", nil, "/v /v/x /t.txt"},
	{"Action by type", "AddType application/x-mine .foo\nAction application/x-mine /app\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1", nil, "/x.foo /t.txt"},
	{"Action to a script", scripts + "<Directory HERE/docs/sub>\nSetHandler mine\n</Directory>\nAction mine /a.wsgi", nil, "/sub/b.wsgi /sub/ /a.wsgi"},
	{"Action of wsgi-script itself", scripts + "Action wsgi-script /app\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1", nil, "/a.wsgi /app"},

	{"rules of a Directory", scripts + "<Directory HERE/docs>\nRewriteEngine On\nRewriteRule ^old/(.*)$ /app/$1 [L]\nRewriteRule ^x$ a.wsgi\nRewriteRule ^y$ sub/b.wsgi/info\n</Directory>\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1", nil, "/old/1 /x /y /z /a.wsgi"},
	{"the front controller of .htaccess", scripts, map[string]string{"docs/.htaccess": "RewriteEngine On\nRewriteCond %{REQUEST_FILENAME} !-f\nRewriteCond %{REQUEST_FILENAME} !-d\nRewriteRule ^(.*)$ a.wsgi/$1 [QSA,L]\n"}, "/ /x /x/y /t.txt /sub/ /sub/none /a.wsgi/z"},
	{"the front controller with RewriteBase", scripts + "Alias /base HERE/docs", map[string]string{"docs/.htaccess": "RewriteEngine On\nRewriteBase /base\nRewriteCond %{REQUEST_FILENAME} !-f\nRewriteRule ^(.*)$ a.wsgi/$1 [L]\n"}, "/base/x /x /base/t.txt /base/"},
	{"rules below an Alias without RewriteBase", scripts + "Alias /base HERE/docs", map[string]string{"docs/.htaccess": "RewriteEngine On\nRewriteCond %{REQUEST_FILENAME} !-f\nRewriteRule ^(.*)$ a.wsgi/$1 [L]\n"}, "/base/x"},
	{"rules of the inner folder replace the outer ones", scripts, map[string]string{"docs/.htaccess": "RewriteEngine On\nRewriteRule ^x a.wsgi\nRewriteRule ^sub/x a.wsgi\n", "docs/sub/.htaccess": "RewriteEngine On\nRewriteRule ^y b.wsgi\n"}, "/x /sub/x /sub/y"},
	{"rules of the inner folder inherit", scripts, map[string]string{"docs/.htaccess": "RewriteEngine On\nRewriteRule x$ /a.wsgi\n", "docs/sub/.htaccess": "RewriteEngine On\nRewriteOptions Inherit\nRewriteRule ^y b.wsgi\n"}, "/x /sub/x /sub/y"},
	{"rules that end", scripts + "<Directory HERE/docs>\nRewriteEngine On\nRewriteRule ^x$ a.wsgi [END]\nRewriteRule ^a.wsgi$ sub/b.wsgi\nRewriteRule ^y$ /a.wsgi [L]\n</Directory>", nil, "/x /a.wsgi /y"},
	{"a handler forced by a rule of a folder", "<Directory HERE/docs>\nOptions +ExecCGI\nRewriteEngine On\nRewriteRule \\.foo$ - [H=wsgi-script]\n</Directory>", nil, "/x.foo /t.txt /x.foo/i"},
	{"rules of a Directory refuse and redirect", scripts + "<Directory HERE/docs>\nRewriteEngine On\nRewriteRule ^a - [F]\nRewriteRule ^sub/ /else [R]\nRewriteRule ^gone - [G]\n</Directory>", nil, "/a.wsgi /sub/b.wsgi /index.wsgi"},
	{"rules around a script of an alias", "WSGIScriptAlias /app HERE/app.wsgi process-group=g1\nWSGIScriptAlias /other HERE/other.wsgi process-group=g0\n<Directory HERE>\nRewriteEngine On\nRewriteRule ^app.wsgi/old /other\n</Directory>", nil, "/app /app/old /app/new"},
	{"rules of a Location", "WSGIScriptAlias /app HERE/app.wsgi process-group=g1\n<Location /x>\nRewriteEngine On\nRewriteRule ^ /app [L]\n</Location>", nil, "/x /x/y /z"},
	{"rules of a Location that end", "WSGIScriptAlias /app HERE/app.wsgi process-group=g1\n<Location />\nRewriteEngine On\nRewriteRule (x)$ /app/$1 [END]\n</Location>", nil, "/x /y"},
	{"no FollowSymLinks forbids rules", scripts + "<Directory HERE/docs>\nOptions -FollowSymLinks\nRewriteEngine On\nRewriteRule ^x$ a.wsgi\n</Directory>", nil, "/x /a.wsgi"},
	{"rules of the server: chains, skips, rounds", scripts + "RewriteEngine On\nRewriteRule ^/c1 - [C]\nRewriteRule ^(.*)$ /app$1 [PT]\nRewriteRule ^/s - [S=1]\nRewriteRule ^/s2 /app/skipped [PT]\nRewriteRule ^/n(.*) /m$1 [N]\nRewriteRule ^/mm(.*) /app/rounds [PT]\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1", nil, "/c1 /c2 /s2 /s /nm /a.wsgi"},
	{"rules with conditions on files", scripts + "RewriteEngine On\nRewriteCond HERE/docs%{REQUEST_URI} !-f\nRewriteCond %{DOCUMENT_ROOT}%{REQUEST_URI} !-d\nRewriteRule ^(.*)$ /app$1 [PT,QSA]\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1", nil, "/t.txt /a.wsgi /x /sub/"},
	{"rules with back references", scripts + "RewriteEngine On\nRewriteCond %{HTTP_HOST} ^([^.]+)\\.test\nRewriteRule ^/r/(.*)$ /app/%1/$1 [PT]\nRewriteCond %{REQUEST_URI} ^/q(.)\nRewriteRule . /app%{REQUEST_URI} [PT]\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1", nil, "/r/a /qx /z"},
	{"rules that inherit", "RewriteEngine On\nRewriteOptions Inherit\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1", nil, "/from-main /x"},
	{"rules that do not inherit", "RewriteEngine On\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1", nil, "/from-main"},
	{"a rule to a file", "RewriteEngine On\nRewriteRule ^/x(.*) HERE/docs/a.wsgi$1\n" + scripts, nil, "/x /x/y"},
	{"a rule to a file of an alias", "RewriteEngine On\nRewriteRule ^/x(.*) HERE/app.wsgi$1 [H=wsgi-script]\n<Directory HERE>\nOptions +ExecCGI\n</Directory>", nil, "/x /x/y"},
	{"a rule sets the group", "RewriteEngine On\nRewriteRule ^/one - [E=POOL:g1]\nRewriteRule ^/two - [E=POOL:g0]\nWSGIScriptAlias / HERE/app.wsgi process-group=%{ENV:POOL}", nil, "/one /two /x"},

	{"SetEnvIf chooses the group", "SetEnvIf Request_URI ^/one POOL=g1\nSetEnvIfNoCase Host ^M[0-9]+\\.test POOL2=g0\nSetEnvIf Request_URI ^/x/(g.) POOL=$1\nSetEnv POOL %{GLOBAL}\nWSGIScriptAlias /two HERE/other.wsgi process-group=%{ENV:POOL2}\nWSGIScriptAlias / HERE/app.wsgi process-group=%{ENV:POOL}", nil, "/one /two /x/g0 /x/g1/y /x/gz /"},
	{"SetEnvIf in a section", "WSGIScriptAlias / HERE/app.wsgi process-group=%{ENV:POOL}\n<Location /one>\nSetEnvIf Request_Method GET POOL=g1\n</Location>\n<Location /two>\nSetEnv POOL g0\n</Location>\n<Location /two/not>\nUnsetEnv POOL\n</Location>", nil, "/one /two /two/not /three"},
	{"SetEnvIf and an internal redirect", scripts + "SetEnvIf Request_URI ^/old POOL=g0\nRewriteEngine On\n<Directory HERE/docs>\nRewriteRule ^old /app [L]\n</Directory>\nWSGIScriptAlias /app HERE/app.wsgi process-group=%{ENV:REDIRECT_POOL}", nil, "/old /app"},
	{"SetEnvIf and a lookup of mod_dir", scripts + "WSGIProcessGroup %{ENV:POOL}\nSetEnv POOL g0\nSetEnvIf Request_URI index POOL=g1", nil, "/ /index.wsgi"},
	{"variables of a redirect in a lookup", scripts + "RewriteEngine On\n<Directory HERE/docs>\nRewriteRule ^old /sub/ [L]\n</Directory>\n<Directory HERE/docs/sub>\nDirectoryIndex b.wsgi\nRewriteCond %{ENV:REDIRECT_STATUS} ^$\nRewriteRule ^b.wsgi /a.wsgi\n</Directory>", nil, "/old /sub/ /sub/b.wsgi"},
	{"a variable that nothing sets", "WSGIScriptAlias / HERE/app.wsgi process-group=%{ENV:NOTHING}\nWSGIScriptAlias /x HERE/app.wsgi", nil, "/"},

	{"aliases that overlap", "WSGIScriptAlias /a HERE/app.wsgi process-group=g0\nWSGIScriptAlias /a/b HERE/other.wsgi process-group=g1\nWSGIScriptAlias /c/d HERE/app.wsgi process-group=g1\nWSGIScriptAlias /c HERE/other.wsgi", nil, "/a /a/b /a/bc /c /c/d /c/de /c/d/e /ab"},
	{"Alias before the script alias of all", "WSGIScriptAlias / HERE/app.wsgi process-group=g1\nAlias /static/ HERE/docs/\nAlias /t.txt HERE/docs/t.txt", nil, "/static/t.txt /static /staticx /t.txt /t.txt/x /"},
	{"AliasMatch and ScriptAlias", scripts + "AliasMatch ^/m/(.*)$ HERE/docs/$1\nWSGIScriptAlias / HERE/app.wsgi process-group=g1", nil, "/m/a.wsgi /m/t.txt /m /x"},
	{"Alias in a Location", "WSGIScriptAlias / HERE/app.wsgi process-group=g1\n<Location /static>\nAlias HERE/docs\n</Location>", nil, "/static/t.txt /x"},
	{"script alias match with captures", "WSGIScriptAliasMatch ^/(app|other)/v([0-9]+) HERE/$1.wsgi process-group=g1\nWSGIScriptAliasMatch ^/d/([a-z]+\\.wsgi)(.*) HERE/dir/$1$2", nil, "/app/v1 /app/v12/x /other/v2 /none/v1 /d/one.wsgi/x /x/app/v1"},
	{"script alias match without anchor", "WSGIScriptAliasMatch /x/(.*) HERE/app.wsgi process-group=g1\nWSGIScriptAliasMatch \\.(do)$ HERE/other.wsgi", nil, "/a/x/b /x/ /a.do /a.do/x"},
	{"script alias match without case", "WSGIScriptAliasMatch (?i)^/app HERE/app.wsgi process-group=g1", nil, "/APP /app/x"},
	{"a slash at the end of both", "WSGIScriptAlias /a/ HERE/dir/ process-group=g1\nWSGIScriptAlias /b/ HERE/app.wsgi\nWSGIScriptAlias /c HERE/app.wsgi/ process-group=g0", nil, "/a/one.wsgi /a/one.wsgi/x /a /a/none /b/ /b/x /b /c /c/x"},
	{"the whole host and a folder", "WSGIScriptAlias / HERE/dir/ process-group=g1", nil, "/one.wsgi /one.wsgi/x / /none"},

	{"several extensions", "<Directory HERE/docs>\nOptions +ExecCGI\nAddHandler wsgi-script .wsgi .py\nAddType text/html .html\nAddLanguage de .de\n</Directory>", map[string]string{"docs/m.wsgi.html": "", "docs/m.html.wsgi": "", "docs/m.py.de": "", "docs/m.wsgi.zzz": "", "docs/.wsgi": "", "docs/n.WSGI": "", "docs/wsgi": ""}, "/m.wsgi.html /m.html.wsgi /m.py.de /m.wsgi.zzz /.wsgi /n.WSGI /wsgi"},
	{"RemoveHandler", scripts + "<Directory HERE/docs/sub>\nRemoveHandler .wsgi\n</Directory>", nil, "/a.wsgi /sub/b.wsgi"},
	{"AddHandler without a dot and of another name", "<Directory HERE/docs>\nOptions +ExecCGI\nAddHandler wsgi-script wsgi\n<Files a.wsgi>\nSetHandler none\n</Files>\n</Directory>\n<Location /sub>\nSetHandler default-handler\n</Location>", nil, "/a.wsgi /index.wsgi /sub/b.wsgi"},
	{"two handlers for one file", "<Directory HERE/docs>\nOptions +ExecCGI\nAddHandler wsgi-script .wsgi\nAddHandler server-info .foo\n</Directory>", map[string]string{"docs/m.wsgi.foo": "", "docs/m.foo.wsgi": ""}, "/m.wsgi.foo /m.foo.wsgi"},
	{"SetHandler in a Location", "<Location /sub>\nSetHandler wsgi-script\nOptions +ExecCGI\nWSGIProcessGroup g1\n</Location>", nil, "/sub/b.wsgi /sub/b.wsgi/x /sub/ /sub/none /a.wsgi"},
	{"SetHandler in Files", "<Directory HERE/docs>\nOptions ExecCGI FollowSymLinks\n<Files \"*.wsgi\">\nSetHandler wsgi-script\nWSGIProcessGroup g1\n</Files>\n<FilesMatch \"^t\\.\">\nSetHandler wsgi-script\n</FilesMatch>\n</Directory>", nil, "/a.wsgi /t.txt /x.foo /sub/"},
	{"SetHandler in If", "Options +ExecCGI\n<If \"%{REQUEST_URI} =~ m#^/a\\.#\">\nSetHandler wsgi-script\nWSGIProcessGroup g1\n</If>\n<ElseIf \"%{QUERY_STRING} == 'x=1'\">\nSetHandler wsgi-script\n</ElseIf>\n<Else>\nSetHandler none\n</Else>", nil, "/a.wsgi /index.wsgi?x=1 /index.wsgi"},
	{"SetHandler as an expression", "Options +ExecCGI\n<Location />\nSetHandler \"expr=%{REQUEST_FILENAME}\"\n</Location>", nil, "/a.wsgi"},
	{"ForceType", "<Directory HERE/docs>\nOptions +ExecCGI\n<Files a.wsgi>\nForceType application/x-httpd-wsgi\n</Files>\nAddType application/x-httpd-wsgi .foo\n</Directory>", nil, "/a.wsgi /x.foo /index.wsgi"},
	{"SetHandler over a script alias", "WSGIScriptAlias /app HERE/app.wsgi process-group=g1\nWSGIScriptAlias /other HERE/other.wsgi process-group=g1\n<Location /app>\nSetHandler server-info\n</Location>\n<Location /other>\nSetHandler wsgi-script\nOptions +ExecCGI\n</Location>", nil, "/app /other"},
	{"WSGIHandlerScript by extension", "WSGIHandlerScript mine HERE/handler.py process-group=g1\nAddHandler mine .foo", nil, "/x.foo /x.foo/y /none.foo /t.txt"},

	{"If on the host and the method", "WSGIScriptAlias / HERE/app.wsgi\n<If \"%{HTTP_HOST} =~ /test/ && %{REQUEST_METHOD} == 'GET'\">\nWSGIProcessGroup g1\n</If>\n<If \"-n %{QUERY_STRING}\">\nWSGIProcessGroup g0\n</If>", nil, "/ /?q"},
	{"If on the file", "WSGIScriptAlias /a HERE/app.wsgi\nWSGIScriptAlias /b HERE/other.wsgi\n<If \"%{REQUEST_FILENAME} =~ /other/\">\nWSGIProcessGroup g1\n</If>\n<If \"-f %{REQUEST_FILENAME}\">\nWSGIApplicationGroup yes\n</If>", nil, "/a /b"},
	{"If in a Directory", "WSGIScriptAlias /a HERE/app.wsgi\n<Directory HERE>\n<If \"%{REQUEST_URI} -strmatch '/a/*'\">\nWSGIProcessGroup g1\n</If>\n</Directory>\n<Location /a/x>\nWSGIProcessGroup g0\n</Location>", nil, "/a /a/y /a/x"},

	{"odd paths", scripts + "WSGIScriptAlias /app HERE/app.wsgi process-group=g1\n<Location /app/x>\nWSGIProcessGroup g0\n</Location>", nil,
		"//app /app//x /app/./x /app/y/../x /app/../a.wsgi /%61pp /app/%78 /app%2Fx /app/%2e%2e/a.wsgi /app/..%2fa.wsgi /app;v=1 /app/x;v /a.wsgi%00 /../app /app/x/.. /app%20 /APP /app? /app/? /app/%zz /app/. /app/.. /a%2ewsgi /sub//b.wsgi /sub/./b.wsgi /sub/%2E%2E/a.wsgi"},
	{"encoded slashes allowed", "AllowEncodedSlashes On\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1\nWSGIScriptAlias /x/y HERE/other.wsgi", nil, "/app%2Fx /x%2Fy /app/%2F"},
	{"encoded slashes not decoded", "AllowEncodedSlashes NoDecode\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1\nWSGIScriptAlias /x/y HERE/other.wsgi", nil, "/app%2Fx /x%2Fy /app/%2F"},
	{"slashes not merged", "MergeSlashes Off\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1\nWSGIScriptAlias /x/y HERE/other.wsgi\n<Location /app/x>\nWSGIProcessGroup g0\n</Location>", nil, "//app /app//x /x//y"},
	{"PATH_INFO", scripts + "<Location /a.wsgi/deep>\nWSGIProcessGroup g1\n</Location>\n<Files b.wsgi>\nAcceptPathInfo Off\n</Files>", nil, "/a.wsgi/ /a.wsgi/deep /a.wsgi/deep/er /sub/b.wsgi /sub/b.wsgi/x /t.txt/x"},
	{"AcceptPathInfo Off for an alias", "WSGIScriptAlias /app HERE/app.wsgi process-group=g1\nAcceptPathInfo Off", nil, "/app /app/ /app/x"},

	{"MultiViews", scripts + "<Directory HERE/docs>\nOptions +MultiViews\n</Directory>", nil, "/a /sub/b /a/info /t /sub /none /x"},
	{"MultiViews with MultiviewsMatch", scripts + "<Directory HERE/docs>\nOptions +MultiViews\nMultiviewsMatch Handlers\n</Directory>", nil, "/a /sub/b /a/info /index"},
	{"UserDir", "UserDir HERE/*/sub\n" + scripts, nil, "/~docs/b.wsgi /~docs/ /~none/b.wsgi /~docs"},
	{"UserDir disabled", "UserDir HERE/*/sub\nUserDir disabled\n" + scripts, nil, "/~docs/b.wsgi"},
	{"UserDir below the script alias of all", "UserDir HERE/*/sub\nWSGIScriptAlias / HERE/app.wsgi process-group=g1", nil, "/~docs/b.wsgi"},
	{"VirtualDocumentRoot", "UseCanonicalName Off\nVirtualDocumentRoot HERE/docs/%2+\n" + scripts, nil, "/a.wsgi"},
	{"Redirect and RedirectMatch", "WSGIScriptAlias / HERE/app.wsgi process-group=g1\nRedirect /r /x\nRedirectMatch \\.old$ /x\nRedirect gone /g\n<Location /l>\nRedirect /x\n</Location>", nil, "/r /r/1 /rx /a.old /g /l /l/1 /x"},
	{"ProxyPass", "WSGIScriptAlias / HERE/app.wsgi process-group=g1\nProxyPass /p/no !\nProxyPass /p http://127.0.0.1:1/\n<Location /q>\nProxyPass http://127.0.0.1:1/\n</Location>\nProxyPassMatch ^/m([0-9]) http://127.0.0.1:1/$1", nil, "/p /p/no /p/x /px /q /q/x /m1 /mx /x"},
	{"ErrorDocument of plain files", scripts + "ErrorDocument 404 /none.html\nErrorDocument 403 \"no\"", nil, "/none"},
	{"ErrorDocument is a URL of an alias", scripts + "ErrorDocument 404 /app/missing\nErrorDocument 403 /other\nErrorDocument 410 http://127.0.0.1:1/\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1\nWSGIScriptAlias /other HERE/other.wsgi process-group=g0\nRewriteEngine On\nRewriteRule ^/no - [F]\nRewriteRule ^/gone - [G]", nil, "/none /none/x /no /gone /t.txt /app"},
	{"ErrorDocument of folders without an index and of odd paths", "ErrorDocument 404 /app\nErrorDocument 403 /other\nErrorDocument 400 /app\nDirectoryIndex none.html\nOptions -Indexes\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1\nWSGIScriptAlias /other HERE/other.wsgi process-group=g0", nil, "/ /sub/ /x%2Fy /../x /%zz"},
	{"ErrorDocument of a Redirect that refuses", "ErrorDocument 410 /app\nErrorDocument 503 http://127.0.0.1:1/\nRedirect gone /g\nRedirectMatch 503 ^/m\nRedirect 404 /n\n<Location /l>\nRedirect 410\n</Location>\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1", nil, "/g /g/x /m /n /l /app"},
	{"a group named by the URL of a folder", "WSGIHandlerScript mine HERE/handler.py process-group=g1 application-group=%{RESOURCE}\n<Directory HERE/docs>\nSetHandler mine\n</Directory>\nWSGIScriptAlias /b/ HERE/app.wsgi process-group=g1 application-group=%{RESOURCE}", nil, "/ /sub/ /sub /t.txt /none/x/ /b/"},
	{"ErrorDocument of a folder", scripts + "<Directory HERE/docs/sub>\nErrorDocument 404 /a.wsgi\n</Directory>", nil, "/none /sub/none /sub/none/x"},

	{"SetHandler in .htaccess", "<Directory HERE/docs>\nAllowOverride All\n</Directory>", map[string]string{"docs/.htaccess": "Options +ExecCGI\nSetHandler wsgi-script\n", "docs/sub/.htaccess": "SetHandler none\nAddHandler wsgi-script .wsgi\n", "docs/html/.htaccess": "Options -ExecCGI\n", "docs/html/c.wsgi": ""}, "/a.wsgi /t.txt /sub/b.wsgi /sub/none /html/c.wsgi"},
	{".htaccess that is not read", "<Directory HERE/docs>\nAllowOverride None\n</Directory>", map[string]string{"docs/.htaccess": "Options +ExecCGI\nSetHandler wsgi-script\n"}, "/a.wsgi"},
	{".htaccess of the default AllowOverride", "", map[string]string{"docs/.htaccess": "Options +ExecCGI\nSetHandler wsgi-script\n"}, "/a.wsgi"},
	{".htaccess where a folder says nothing of AllowOverride", "<Directory HERE/docs>\nOptions +ExecCGI\n</Directory>", map[string]string{"docs/.htaccess": "SetHandler wsgi-script\n", "docs/sub/.htaccess": "Order deny,allow\n"}, "/a.wsgi /sub/b.wsgi"},
	{".htaccess with what it may not hold", scripts, map[string]string{"docs/sub/.htaccess": "WSGIProcessGroup g1\n", "docs/html/.htaccess": "WSGICallableObject application\n", "docs/html/c.wsgi": "", "docs/empty/.htaccess": "<Bad\n", "docs/empty/c.wsgi": ""}, "/a.wsgi /sub/b.wsgi /sub/none /html/c.wsgi /empty/c.wsgi"},
	{".htaccess with a part of the classes", "<Directory HERE/docs>\nOptions ExecCGI FollowSymLinks\nAllowOverride FileInfo\n</Directory>\n<Directory HERE/docs/sub>\nAllowOverride AuthConfig\n</Directory>", map[string]string{"docs/.htaccess": "AddHandler wsgi-script .wsgi\n", "docs/html/.htaccess": "Options -ExecCGI\n", "docs/html/c.wsgi": ""}, "/a.wsgi /sub/b.wsgi /html/c.wsgi"},
	{".htaccess with sections", scripts, map[string]string{"docs/.htaccess": "<Files t.txt>\nSetHandler wsgi-script\n</Files>\n<If \"%{QUERY_STRING} == 'off'\">\nSetHandler default-handler\n</If>\n<IfModule mod_wsgi.c>\n<FilesMatch \"foo$\">\nSetHandler wsgi-script\n</FilesMatch>\n</IfModule>\n"}, "/t.txt /a.wsgi?off /a.wsgi /x.foo"},
	{".htaccess in the folder of a script of an alias", "WSGIScriptAlias /app HERE/dir/one.wsgi process-group=g1\n<Directory HERE>\nAllowOverride All\n</Directory>", map[string]string{"dir/.htaccess": "RewriteEngine On\nRewriteRule ^one.wsgi/x /a.wsgi\nRedirect /app/r /z\n"}, "/app /app/x /app/r /app/r/s"},
	{"variables of .htaccess", scripts + "WSGIScriptAlias /app HERE/app.wsgi process-group=%{ENV:POOL}\n<Directory HERE>\nAllowOverride All\n</Directory>", map[string]string{".htaccess": "RewriteEngine On\nRewriteRule x - [E=POOL:g1]\nSetEnvIf Request_URI z POOL=g0\n"}, "/app/x /app/z /app"},
	{"RewriteEngine off in a folder", scripts, map[string]string{"docs/.htaccess": "RewriteEngine On\nRewriteRule ^(x|sub/x) /a.wsgi\n", "docs/sub/.htaccess": "RewriteEngine off\n"}, "/x /sub/x"},
	{"rules that look at the first request", scripts, map[string]string{"docs/.htaccess": "RewriteEngine On\nRewriteCond %{ENV:REDIRECT_STATUS} ^$\nRewriteRule ^x /y\nRewriteCond %{THE_REQUEST} ^GET\\ /x\nRewriteRule ^y /a.wsgi\n"}, "/x /y"},
	{"rules with a status", scripts + "RewriteEngine On\nRewriteRule ^/a - [R=404]\nRewriteRule ^/index - [R=503,L]\nRewriteRule ^/sub/(.*) http://%{HTTP_HOST}/a.wsgi/$1\nRewriteRule ^/t http://elsewhere.test/", nil, "/a.wsgi /index.wsgi /sub/b.wsgi /t.txt"},
	{"rules with a query", scripts + "RewriteEngine On\nRewriteCond %{QUERY_STRING} ^id=([0-9]+)$\nRewriteRule ^/x$ /app/%1? [PT]\nRewriteRule ^/y /index.wsgi?a=b [QSA]\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1", nil, "/x?id=7 /x?id=a /x /y?q"},
	{"rules that negate and look at nothing", scripts + "RewriteEngine On\nRewriteRule !\\.(txt|wsgi)$ /app [PT]\nRewriteRule ^ - [L]\nRewriteRule ^ /other [PT]\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1\nWSGIScriptAlias /other HERE/other.wsgi", nil, "/ /t.txt /a.wsgi /x"},
	{"rules of a folder outside of DocumentRoot", "Alias /base HERE/dir\n<Directory HERE/dir>\nOptions +ExecCGI\nAddHandler wsgi-script .wsgi\nRewriteEngine On\nRewriteRule ^x(.*) one.wsgi$1\nRewriteRule ^y ../app.wsgi\n</Directory>", nil, "/base/x /base/x/info /base/y"},
	{"rules beside a Location", "<Location /app/old>\nRewriteEngine On\nRewriteRule .* /other [L]\n</Location>\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1\nWSGIScriptAlias /other HERE/other.wsgi process-group=g0", nil, "/app/old /app/old/x /app/new"},
	{"rules switched off by a Location", "RewriteEngine On\nRewriteRule ^/(a|b)/x /app [PT]\n<Location /b>\nRewriteEngine Off\n</Location>\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1", nil, "/a/x /b/x"},

	{"rules with a map of a text file", "RewriteEngine On\nRewriteMap pages txt:HERE/map.txt\nRewriteRule ^/m/(.*) ${pages:$1|/other} [PT]\nRewriteRule ^/n/(.*) ${pages:$1} [PT]\nRewriteRule ^/o/([^/]*)/(.*) /app${nosuch:$1|/${pages:$2|/else}} [PT]\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1\nWSGIScriptAlias /other HERE/other.wsgi process-group=g0",
		map[string]string{"map.txt": "# shop /none\nshop /app/shop and more\n blog /app\nlonely\ntab\t\t/app/tab\r\nshop /second\nUpper /app/u\nempty   \na/b /app/ab\n" + strings.Repeat("x", 1020) + " /app/long\n" + strings.Repeat("y", 1030) + "cut /none\n"},
		"/m/shop /m/none /m/blog /m/lonely /m/tab /m/Upper /m/upper /m/empty /m/a/b /m/ /m/shop%20and /n/shop /n/none /o/x/shop /o/x/none /m/" + strings.Repeat("x", 1020) + " /m/yyyyyycut /m/cut /m/%23"},
	{"rules with a map without a type and a map of one value of each", "RewriteEngine On\nRewriteMap plain HERE/map.txt\nRewriteMap any rnd:HERE/map.txt\nRewriteCond ${any:$1|none} ^(/app.*)$\nRewriteRule ^/m/(.*) %1 [PT]\nRewriteRule ^/n/(.*) ${plain:$1|/app/none} [PT]\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1",
		map[string]string{"map.txt": "shop /app/shop\n"}, "/m/shop /m/none /n/shop /n/none"},
	{"rules with maps of functions", "RewriteEngine On\nRewriteMap low int:tolower\nRewriteMap up int:toupper\nRewriteMap esc int:escape\nRewriteMap un int:unescape\nRewriteRule ^/low/(.*) /${low:$1|App} [PT]\nRewriteRule ^/up/(.*) /${up:$1} [PT]\nRewriteRule ^/esc/(.*) /app/${esc:$1} [PT]\nRewriteRule ^/un/(.*) /${un:$1} [PT]\nRewriteRule ^/both/(.*) /${low:${up:$1}} [PT]\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1\nWSGIScriptAlias /APP HERE/other.wsgi process-group=g0\n<Location /app/a%20b>\nWSGIProcessGroup nosuch\n</Location>", nil,
		"/low/APP /low/ApP/x /low/ /up/app /up/App /esc/a%20b /esc/~x:y;z /esc/%c3%a4 /un/%2561pp /un/%25zz /un/app /both/aPP"},
	{"maps of a server in the rules of a folder", scripts + "RewriteMap low int:tolower\n<Directory HERE/docs>\nRewriteEngine On\nRewriteRule ^([A-Z]+)\\.wsgi$ ${low:$1}.wsgi\nRewriteRule ^main/(.*) ${main:$1|a}.wsgi\n</Directory>", nil, "/A.wsgi /INDEX.wsgi /main/X /X.wsgi"},
	{"maps of the main server in the rules of a folder", scripts + "<Directory HERE/docs>\nRewriteEngine On\nRewriteRule ^main/(.*) ${main:$1|none}.wsgi\n</Directory>", nil, "/main/A /main/INDEX"},
	{"maps of the main server that are inherited", "RewriteEngine On\nRewriteOptions Inherit\nRewriteRule ^/x/(.*) /${main:$1|other} [PT]\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1\nWSGIScriptAlias /other HERE/other.wsgi process-group=g0", nil, "/x/APP /x/none /from-main"},
	{"maps of the main server that are not", "RewriteEngine On\nRewriteRule ^/x/(.*) /${main:$1|other} [PT]\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1\nWSGIScriptAlias /other HERE/other.wsgi process-group=g0", nil, "/x/APP /x/none"},
	{"curly brackets that are no map", "RewriteEngine On\nRewriteMap low int:tolower\nRewriteRule ^/a /app/${x} [PT]\nRewriteRule ^/b /app/${low:A [PT]\nRewriteRule ^/c ${low:/APP/}%{HTTPS}$ [PT]\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1", nil, "/a /b /c"},
	{"conditions that are expressions", "RewriteEngine On\nRewriteCond expr \"%{REQUEST_URI} =~ m#^/e/([a-z]+)#\"\nRewriteRule ^/e/ /app/%1 [PT]\nRewriteCond expr \"!(%{QUERY_STRING} == 'q' || -z %{QUERY_STRING})\"\nRewriteRule ^/f /app [PT]\nRewriteCond expr \"!%{REQUEST_METHOD} == 'GET'\" [OR]\nRewriteCond expr \"tolower(%{HTTP_HOST}) -strmatch 'm*.test*' && %{REQUEST_URI} in {'/g', '/h'}\"\nRewriteRule ^ /other [PT]\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1\nWSGIScriptAlias /other HERE/other.wsgi process-group=g0\n<Location /app/x>\nWSGIProcessGroup nosuch\n</Location>", nil,
		"/e/abc /e/1 /e/x /f /f?q /f?r /g /h /i"},
	{"expressions about files", scripts + "<Directory HERE/docs>\nRewriteEngine On\nRewriteCond expr \"! -e %{REQUEST_FILENAME}\"\nRewriteRule ^ a.wsgi [L]\nRewriteCond expr \"-d %{REQUEST_FILENAME} && -f '%{DOCUMENT_ROOT}/sub/b.wsgi'\"\nRewriteRule ^sub/$ sub/b.wsgi/dir [L]\n</Directory>", nil, "/none /sub/ /t.txt /sub/none /empty/"},
	{"expressions see what rules before made", "RewriteEngine On\nRewriteRule ^/x /y?made\nRewriteCond expr \"%{QUERY_STRING} == 'made' && %{REQUEST_FILENAME} == '/y' && %{REQUEST_URI} == '/x'\"\nRewriteRule ^ /app [PT]\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1", nil, "/x /y?made /z"},
	{"conditions that compare texts", "RewriteEngine On\nRewriteCond %{REQUEST_URI} >/b\nRewriteCond %{REQUEST_URI} </cc\nRewriteRule ^ /app [PT]\nRewriteCond %{REQUEST_URI} =%{REQUEST_URI}\nRewriteRule ^ /other [PT]\nRewriteCond %{QUERY_STRING} =\"\"\nRewriteCond %{REQUEST_URI} >=/d/e [NC]\nRewriteCond %{REQUEST_URI} <=/D/F [NC]\nRewriteRule ^ /other [PT]\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1\nWSGIScriptAlias /other HERE/other.wsgi process-group=g0", nil,
		"/a /b /c /d /bb /ca /ccc /aaa /bbbbb /d/E /d/f /D/ee /d/g /e?q /d/e?q"},
	{"a section for one method", "WSGIScriptAlias / HERE/app.wsgi\n<Location /a>\n<Limit GET>\nWSGIProcessGroup g1\n</Limit>\n</Location>\n<Location /b>\n<LimitExcept GET>\nWSGIProcessGroup g1\n</LimitExcept>\n</Location>", nil, "/a /b /c"},
	{"sections by regular expressions", "WSGIScriptAlias / HERE/dir/\n<Directory ~ \"/m[0-9]+/dir\">\nWSGIProcessGroup g0\n</Directory>\n<DirectoryMatch \"^/nowhere\">\nWSGIProcessGroup g1\n</DirectoryMatch>\n<Location ~ \"^/one.*/x$\">\nWSGIProcessGroup g1\n</Location>\n<FilesMatch \"^index\\.\">\nWSGIProcessGroup %{GLOBAL}\n</FilesMatch>", nil, "/one.wsgi /one.wsgi/x /index.wsgi /index.wsgi/x"},
	{"Files beats Directory and Location beats Files", "WSGIScriptAlias /app HERE/app.wsgi\n<Location /app/l>\nWSGIProcessGroup g1\n</Location>\n<Files app.wsgi>\nWSGIProcessGroup g0\n</Files>\n<Directory HERE>\nWSGIProcessGroup nosuch\n</Directory>\n<If \"%{REQUEST_URI} == '/app/l/if'\">\nWSGIProcessGroup nosuch2\n</If>", nil, "/app /app/l /app/l/if"},
	{"restrictions by section", "WSGIScriptAlias /a HERE/app.wsgi process-group=g1\nWSGIScriptAlias /b HERE/other.wsgi\nWSGIRestrictProcess g1\n<Location /a/x>\nWSGIRestrictProcess g0\n</Location>\n<Location /b/x>\nWSGIRestrictProcess %{GLOBAL}\n</Location>\n<Location /b/y>\nWSGIProcessGroup G1\n</Location>", nil, "/a /a/x /b /b/x /b/y"},
	{"the application of another handler name", "<Location /x>\nSetHandler application/x-httpd-wsgi\nOptions +ExecCGI\n</Location>\nAlias /x HERE/app.wsgi\nAlias /y HERE/app.wsgi", nil, "/x /x/y /y"},
	{"a handler script for a whole folder", "WSGIHandlerScript mine HERE/handler.py process-group=g1 application-group=%{GLOBAL}\n<Directory HERE/docs>\nSetHandler mine\n</Directory>\nDirectoryIndex index.html", nil, "/ /t.txt /none /sub/ /sub /none/x"},
	{"the mount point of the root and a file", "WSGIScriptAliasMatch ^/$ HERE/app.wsgi process-group=g1\nWSGIScriptAliasMatch ^/([a-z]+)$ HERE/dir/$1.wsgi\n" + scripts, nil, "/ /one /two /a.wsgi"},
	{"a script alias with a ? and with case", "WSGIScriptAlias /App HERE/app.wsgi process-group=g1\nWSGIScriptAlias \"/a b\" HERE/app.wsgi process-group=g0", nil, "/App /app /a%20b /a%20b/c"},
	{"conditional settings", "<IfModule mod_wsgi.c>\nWSGIScriptAlias /a HERE/app.wsgi process-group=g1\n</IfModule>\n<IfModule !mod_wsgi.c>\nAlias /a HERE/docs\n</IfModule>\n<IfDefine NOTHING>\nWSGIScriptAlias /b HERE/app.wsgi\n</IfDefine>\n<IfVersion >= 2.4>\nWSGIScriptAlias /c HERE/app.wsgi\n</IfVersion>\n<IfFile HERE/app.wsgi>\nWSGIScriptAlias /d HERE/app.wsgi process-group=g0\n</IfFile>", nil, "/a /b /c /d"},
	{"a macro", "<Macro Mounted $url $file $group>\nWSGIScriptAlias $url HERE/$file process-group=$group\n</Macro>\nUse Mounted /a app.wsgi g0\nUse Mounted /b other.wsgi nosuch", nil, "/a /b"},
	{"a script that is not there", "WSGIScriptAlias /gone HERE/gone.wsgi process-group=g1\n" + scripts, nil, "/none.wsgi /gone"},
	{"a folder named like a script", "WSGIScriptAlias /d HERE/dir.d process-group=g1\n<Directory HERE/dir.d>\nWSGIProcessGroup g0\n</Directory>", map[string]string{"dir.d/in.wsgi": ""}, "/d/in.wsgi /d/in.wsgi/x /d"},
	{"no DocumentRoot of its own", "DocumentRoot HERE/none\nWSGIScriptAlias /app HERE/app.wsgi process-group=g1", nil, "/ /app /x"},
	{"the names of a link", "WSGIScriptAlias /app HERE/link.wsgi process-group=g1\n<Files app.wsgi>\nWSGIApplicationGroup other\n</Files>", map[string]string{"link.wsgi": "->app.wsgi"}, "/app /app/x"},
}

// mainRules are rules of the main server, which few virtual hosts inherit.
const mainRules = "RewriteEngine On\nRewriteRule ^/from-main /app/main [PT]\nRewriteMap main int:tolower\n"

// TestURLsLeadWhereApacheLeadsThem asks a real server and the prediction for
// the URLs of all mappings.
func TestURLsLeadWhereApacheLeadsThem(t *testing.T) {
	t.Parallel()
	s := httpdtest.New(t)
	b := &wsgitest.Batch{Label: "mappings", Server: s}
	var configuration strings.Builder
	configuration.WriteString(s.LoadModule(modwsgi.Newest.String()))
	for _, name := range []string{"actions", "negotiation", "userdir", "vhost_alias"} {
		fmt.Fprintf(&configuration, "LoadModule %s_module %s/mod_%s.so\n", name, "/usr/lib/apache2/modules", name)
	}
	configuration.WriteString("StartServers 1\nServerLimit 1\nThreadsPerChild 16\nMaxRequestWorkers 16\nErrorLogFormat \"%{X-Probe}i|%M\"\n" + mainRules)
	configuration.WriteString("WSGIDaemonProcess g0 threads=2\nWSGIDaemonProcess g1 threads=2\nWSGIApplicationGroup %{GLOBAL}\n")
	for i, m := range mappings {
		here := fmt.Sprintf("%s/m%d", s.Root, i)
		for _, name := range mappingFiles {
			s.Write(fmt.Sprintf("m%d/%s", i, name), wsgitest.Script)
		}
		for name, text := range m.files {
			writeMapped(t, s, fmt.Sprintf("m%d/%s", i, name), text)
		}
		host := fmt.Sprintf("m%d.test", i)
		fmt.Fprintf(&configuration, "<VirtualHost *:%d>\nServerName %s\nDocumentRoot HERE/docs\n%s\n</VirtualHost>\n", s.Port, host, m.configuration)
		text := strings.ReplaceAll(configuration.String(), "HERE", here)
		configuration.Reset()
		configuration.WriteString(text)
		for path := range strings.FieldsSeq(m.paths) {
			b.URLs = append(b.URLs, wsgitest.Probe{Host: host, Path: path, Port: s.Port})
		}
	}
	b.Configuration = configuration.String()
	s.Start(b.Configuration)
	config, err := conf.Read(s.Root+"/httpd.conf", conf.Options{Modules: []conf.Module{wsgi.Module(modwsgi.Release{})}})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range config.Errors() {
		t.Errorf("httpd accepts what is reported here: %v", d)
	}
	view := wsgi.Look(config, modwsgi.Release{}, nil)
	results := b.Ask(t)
	counts := map[wsgi.Mode]int{}
	for i, p := range b.URLs {
		answer, err := view.Serving(p.URL())
		if err != nil {
			t.Error(err)
			continue
		}
		counts[modeOf(answer)]++
		if modeOf(answer) == wsgi.Dynamic {
			t.Errorf("%s%s is dynamic although a plain GET decides all: %s", p.Host, p.Path, answer.Application.Reason)
			continue
		}
		if problem := compare(answer, results[i]); problem != "" {
			var n int
			fmt.Sscanf(p.Host, "m%d.test", &n)
			t.Errorf("%s: GET %s: %s", mappings[n].name, p.Path, problem)
		}
	}
	t.Log(counts)
}

// writeMapped writes a file of a mapping: a script where the text is empty, and
// a link where it begins with "->".
func writeMapped(t *testing.T, s *httpdtest.Server, name, text string) {
	t.Helper()
	if target, ok := strings.CutPrefix(text, "->"); ok {
		if err := os.Symlink(target, filepath.Join(s.Root, name)); err != nil {
			t.Fatal(err)
		}
		return
	}
	if text == "" {
		text = wsgitest.Script
	}
	s.Write(name, text)
}
