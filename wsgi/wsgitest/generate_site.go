package wsgitest

import (
	"fmt"
	"strings"
)

// site is something that sites are made of beside their applications: where
// requests are sent, refused, and led to files by all the modules of httpd.
func (g *generator) site() string {
	switch g.IntN(10) {
	case 0:
		return g.rules()
	case 1:
		return g.neighbour()
	case 2, 3:
		return g.errors()
	case 4, 5:
		return g.folderOf(g.handling())
	case 6:
		return g.filesIn(g.handling())
	case 7:
		return g.conditional()
	case 8:
		return g.htaccess()
	}
	return g.folderOf(g.indexing())
}

// rules are several rules of a server: chains, skips, and what ends them.
func (g *generator) rules() string {
	lines := "RewriteEngine On\n"
	for range 1 + g.IntN(3) {
		lines += g.maybe(3, g.rewriteCondition()) + g.oneOf(
			"RewriteRule ^/nothing(.*) /sub$1 [C]\nRewriteRule ^/sub(.*) /app$1 [PT]\n",
			"RewriteRule ^/(app|other) - [S=1]\nRewriteRule ^ /docs.wsgi [L]\n",
			"RewriteRule ^/sub/(.*)$ /docs.wsgi/$1 [END]\n", "RewriteRule ^/(.*)\\.wsgi$ /$1 [N,PT]\n", "RewriteRule ^/t /t.txt [L]\n",
			"RewriteRule ^/nothing /nothing/more [PT]\nRewriteRule ^/nothing/more /app/chained [PT]\n",
			"RewriteRule ^/missing/(.*) /$1?from=missing [QSA,PT]\n", "RewriteRule ^/dir - [G]\n", "RewriteRule ^/t\\.txt - [R=404]\n", "RewriteRule ^/sub$ - [R=503,L]\n",
			"RewriteRule ^/sub /docs [L]\n", "RewriteRule ^/files/(.*) /sub/$1 [PT,E=POOL:g2]\n", "RewriteRule ^/files/(.*) %{DOCUMENT_ROOT}/sub/$1\n")
	}
	return lines
}

// neighbour takes URLs before, beside or instead of a script alias.
func (g *generator) neighbour() string {
	docs := g.folder() + "/docs"
	return g.oneOf(fmt.Sprintf("AliasMatch ^/files/(.*) %q\n", docs+"/$1"), fmt.Sprintf("AliasMatch \\.txt$ %q\n", docs+"/t.txt"), fmt.Sprintf("Alias /files %q\n", docs),
		fmt.Sprintf("Alias /files/ %q\n", docs+"/"), fmt.Sprintf("ScriptAlias /files %q\n", docs), fmt.Sprintf("Alias / %q\n", docs+"/"), fmt.Sprintf("Alias /app %q\n", docs),
		fmt.Sprintf("<Location /files>\nAlias %q\n</Location>\n", docs+"/t.txt"),
		"ProxyPass /files !\nProxyPass / http://127.0.0.1:1/\n", "ProxyPass /app/x http://127.0.0.1:1/\n", "ProxyPassMatch ^/files/.*\\.txt$ http://127.0.0.1:1\n", "<Location /sub>\nProxyPass http://127.0.0.1:1/\n</Location>\n",
		"ProxyPass /app/admin !\nProxyPass /app http://127.0.0.1:1/\n",
		"Redirect 301 /sub /app\n", "RedirectMatch ^/(t|docs)\\. /app\n", "RedirectMatch gone ^/missing\n", "Redirect 404 /dir\n", "<Location /app/admin>\nRedirect 302 /other\n</Location>\n",
		"<Location /files>\nRedirect gone\n</Location>\n", "RedirectPermanent /nothing http://elsewhere.test/\n", "<Location /sub>\nRedirect /sub/doc.wsgi /other\n</Location>\n")
}

// errors are documents for errors, and what leads to these.
func (g *generator) errors() string {
	document := fmt.Sprintf("ErrorDocument %s %s\n", g.oneOf("404", "403", "403", "500", "503", "410", "400", "302"),
		g.oneOf("/app/error", "/docs.wsgi", "/other", "/t.txt", "/missing/x", "/sub/", "default", "\"text\"", "\"/a text\"", "http://elsewhere.test/", "/app?error"))
	cause := g.oneOf("", "Redirect 503 /sub/doc.wsgi\n", "Redirect gone /t.txt\n", "<Location /sub>\nRequire all denied\n</Location>\n", "<Files docs.wsgi>\nRequire all denied\n</Files>\n",
		"<Location /app/admin>\nRequire all denied\n</Location>\n", "<Location /app>\nErrorDocument 404 default\n</Location>\n")
	return g.oneOf(document, document, g.folderOf(document), "<Location /sub>\n"+document+"</Location>\n", "<If \""+g.condition()+"\">\n"+document+"</If>\n") + cause
}

// handling chooses the handlers and the options of files.
func (g *generator) handling() string {
	options := g.oneOf("", g.execCGI(), "Options +ExecCGI -Indexes\n", "Options -ExecCGI\n", "Options +MultiViews +ExecCGI\n", "Options -FollowSymLinks\n")
	return options + g.oneOf("SetHandler wsgi-script\n", "AddHandler wsgi-script .wsgi .txt\n", "AddHandler wsgi-script wsgi\nRemoveHandler .wsgi\n", "SetHandler none\n", "SetHandler default-handler\n",
		"SetHandler wsgi-script\nAddHandler default-handler .txt\n", "AddType application/x-httpd-wsgi .txt .wsgi\nForceType None\n", "ForceType application/x-httpd-wsgi\n", "ForceType text/plain\n",
		"AddType text/html .wsgi\nAddHandler wsgi-script .txt\n", "AcceptPathInfo "+g.oneOf("On", "Off")+"\nAddHandler wsgi-script .wsgi\n")
}

// indexing is what mod_dir looks for.
func (g *generator) indexing() string {
	return g.oneOf("DirectoryIndex index.html docs.wsgi doc.wsgi\n", "DirectoryIndex /t.txt\n", "DirectoryIndex none.wsgi t.txt /app/last\n", "DirectoryIndex disabled\nDirectoryIndex doc.wsgi\n",
		"DirectoryIndex docs.wsgi\nDirectoryIndexRedirect "+g.oneOf("On", "permanent", "307", "Off")+"\n", "DirectoryIndex docs\nOptions +MultiViews\n", "DirectorySlash Off\n", "DirectoryCheckHandler On\nDirectoryIndex docs.wsgi\n",
		"FallbackResource "+g.oneOf("/app/all", "/docs.wsgi", "/t.txt", "/missing/x", "disabled", "/sub/")+"\n", "Options -Indexes\n", "Options +Indexes\n")
}

// folderOf puts settings into a section for a folder of files.
func (g *generator) folderOf(settings string) string {
	return fmt.Sprintf("<Directory %q>\n%s</Directory>\n", g.folder()+g.oneOf("/docs", "/docs", "/docs/sub"), settings)
}

// filesIn puts settings into a section for files of the folder.
func (g *generator) filesIn(settings string) string {
	files := g.oneOf("<Files docs.wsgi>", "<Files *.txt>", "<Files \"?oc*\">", "<FilesMatch \"\\.(wsgi|txt)$\">", "<Files ~ \"^d\">", "<Files app.wsgi>")
	section := files + "\n" + settings + "</" + strings.Fields(strings.TrimSuffix(files[1:], ">"))[0] + ">\n"
	return g.oneOf(section, g.folderOf(section), g.folderOf("<If \""+g.condition()+"\">\n"+section+"</If>\n"))
}

// conditional puts a setting into a section that asks for files or variables.
func (g *generator) conditional() string {
	condition := g.oneOf("-f %{REQUEST_FILENAME}", "! -e %{REQUEST_FILENAME}", "-d %{REQUEST_FILENAME}", "-f '%{DOCUMENT_ROOT}%{REQUEST_URI}'", "-z %{QUERY_STRING}", "%{QUERY_STRING} =~ /error/",
		"%{SERVER_PORT} -gt 1", "%{HTTP_HOST} == 'h1.test' || %{REQUEST_URI} =~ /sub/",
		"%{REQUEST_URI} -strmatch '/app/*' && ! -d %{REQUEST_FILENAME}", "%{SCRIPT_FILENAME} =~ /docs/", "%{PATH_INFO} != ''")
	setting := g.oneOf(g.setting(""), "SetHandler wsgi-script\nOptions +ExecCGI\n", "Require all denied\n", "ErrorDocument 404 /app/if\n", "SetEnv POOL g1\n", "DirectoryIndex docs.wsgi\n", "RewriteEngine On\nRewriteRule ^ /app [L]\n")
	return fmt.Sprintf("<If %q>\n%s</If>\n", condition, setting) + g.maybe(3, "<Else>\n"+g.setting("")+"</Else>\n")
}

// htaccess lets the folder have a .htaccess file, and writes it.
func (g *generator) htaccess() string {
	name := g.oneOf("/docs", "/docs", "/docs/sub")
	text := g.oneOf(g.handling(), g.indexing(), "RewriteEngine On\n"+g.oneOf("", "RewriteBase /\n", "RewriteBase /app\n", "RewriteBase /files/\n")+g.oneOf(
		"RewriteRule ^nothing app/made [L]\n", "RewriteCond %{REQUEST_FILENAME} !-f\nRewriteCond %{REQUEST_FILENAME} !-d\nRewriteRule ^ docs.wsgi [L]\n", "RewriteRule ^(.*)\\.txt$ $1.wsgi [END]\n",
		"RewriteRule ^index\\.wsgi$ - [L]\nRewriteRule . docs.wsgi [L]\n", "RewriteRule ^$ /app [L]\n", "RewriteRule ^t - [F]\n", "RewriteRule ^sub/(.*) /other/$1 [PT]\n", "RewriteRule ^doc - [H=wsgi-script]\n",
		"RewriteRule ^missing/(.*) sub/$1 [C]\nRewriteRule ^sub/x docs.wsgi\n"), "Redirect /t.txt /app\n", "ErrorDocument 404 /app/htaccess\n", "Require all denied\n", g.oldAccess(), g.identity(), g.removed(g.handling()), g.kept(g.handling()),
		"<Files docs.wsgi>\n"+g.handling()+"</Files>\n", "<If \""+g.condition()+"\">\n"+g.handling()+"</If>\n", "SetEnvIf Request_URI d POOL=g2\n")
	g.files[fmt.Sprintf("srv/h%d%s/.htaccess", g.host, name)] = text
	return fmt.Sprintf("<Directory %q>\nAllowOverride %s\n</Directory>\n", g.folder()+"/docs", g.oneOf("All", "All", "All", "FileInfo Options Indexes AuthConfig", "None"))
}

// sitePaths are URLs that they are about.
var sitePaths = []string{"/files/t.txt", "/files", "/files/sub/doc.wsgi", "/docs", "/docs.wsgi/info", "/sub/none", "/t", "/nothing/more", "/?error", "/sub/?q", "/none.txt", "/sub/doc", "/.wsgi", "/dir", "/match/error",
	"/app?x", "/sub/?x=1", "/t.txt?x", "/~h1/", "/~h1/docs.wsgi", "/~h2/t.txt", "/~h1", "/sub/none%2541", "/nothing%23x", "/t%3Fx", "/app%25x", "/app/g1", "/sub/doc.wsgi?q", "/files/%74.txt"}
