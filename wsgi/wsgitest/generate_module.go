package wsgitest

import (
	"fmt"
	"strings"
)

// module is what one of the modules of httpd does with requests, in a section of any
// kind or outside of all.
func (g *generator) module() string {
	switch g.IntN(13) {
	case 0:
		return g.sectionOf(g.methods())
	case 1, 2:
		return g.document()
	case 3:
		return g.beside()
	case 4, 5:
		return g.inFolder()
	case 6:
		return g.actions()
	case 7:
		return g.nested()
	case 8:
		return g.variables()
	case 9:
		return g.sectionOf(g.requirements(2))
	case 10:
		return g.redirects()
	case 11:
		return g.users()
	}
	return g.ruled()
}

// sectionOf puts settings into a section of one of the kinds, or in two of them.
func (g *generator) sectionOf(settings string) string {
	switch g.IntN(6) {
	case 0:
		return g.folderOf(settings)
	case 1:
		return g.filesIn(settings)
	case 2:
		return fmt.Sprintf("<If %q>\n%s</If>\n", g.condition(), settings)
	case 3:
		return fmt.Sprintf("<LocationMatch %q>\n%s</LocationMatch>\n", g.oneOf("^/(app|sub)", "/docs", "admin|files", "^/$"), settings)
	case 4:
		return fmt.Sprintf("<Directory %q>\n%s</Directory>\n", g.folder(), settings)
	}
	return fmt.Sprintf("<Location %s>\n%s</Location>\n", g.oneOf("/", "/app", "/app/admin", "/sub", "/docs.wsgi", "/dir", "/t.txt", "/files", "/missing", "/none.txt"), settings)
}

// methods is what mod_allowmethods lets through.
func (g *generator) methods() string {
	lines := ""
	for range 1 + g.IntN(2) {
		lines += "AllowMethods " + g.oneOf("GET", "HEAD POST", "POST", "POST", "PUT DELETE", "reset", "Reset") + "\n"
	}
	return lines + g.maybe(4, "ErrorDocument 405 "+g.oneOf("/app/refused", "/docs.wsgi", "\"text\"", "http://elsewhere.test/", "default")+"\n")
}

// document is what answers errors, and something that is one.
func (g *generator) document() string {
	status := g.oneOf("404", "404", "403", "403", "401", "405", "410", "500", "503")
	target := g.oneOf("/app/error", "/docs.wsgi/error", "/other", "/t.txt", "/sub/", "/sub", "/dir/one.wsgi", "/files/t.txt", "/none.txt", "default", "\"a text\"", "text",
		"http://elsewhere.test/", "https://elsewhere.test/x", "/app/error?x=1", "/~")
	cause := g.oneOf("Require all denied\n", "Redirect "+status+" /sub\n", "RewriteEngine On\nRewriteRule ^ - [R="+status+"]\n", "AllowMethods POST\n", "SetHandler wsgi-script\nOptions -ExecCGI\n", g.identity(), "", "")
	return g.sectionOf(fmt.Sprintf("ErrorDocument %s %s\n", status, target)+g.maybe(2, cause)) + g.maybe(2, g.sectionOf(cause)) +
		g.maybe(3, g.sectionOf("ErrorDocument "+status+" default\n"))
}

// beside are aliases beside those of mod_wsgi.
func (g *generator) beside() string {
	docs, scripts := g.folder()+"/docs", g.folder()
	alias := g.oneOf("Alias", "ScriptAlias")
	return g.oneOf(
		fmt.Sprintf("%sMatch ^/files/(.*)$ %q\n", alias, docs+"/$1"),
		fmt.Sprintf("%sMatch ^/(t|docs)\\.(txt|wsgi)(.*) %q\n", alias, docs+"/$1.$2$3"),
		fmt.Sprintf("%sMatch ^/(app|match)(/.*)?$ %q\n", alias, docs+"/docs.wsgi$2"),
		fmt.Sprintf("%sMatch /sub/ %q\n", alias, docs+"/"),
		fmt.Sprintf("%s /app/admin %q\n", alias, scripts+"/app.wsgi"),
		fmt.Sprintf("%s /dir %q\n", alias, scripts+"/dir"),
		fmt.Sprintf("%s /dir/ %q\n", alias, scripts+"/dir/"),
		fmt.Sprintf("%s /files %q\n%s /files/sub %q\n", alias, scripts+"/dir", alias, docs),
		fmt.Sprintf("%s /sub/ %q\n", alias, scripts+"/dir"),
		fmt.Sprintf("<Location /files>\n%s %q\n</Location>\n", alias, docs),
		fmt.Sprintf("<Location /app/admin>\n%s %q\n</Location>\n", alias, scripts+"/other.wsgi"),
		fmt.Sprintf("<LocationMatch \"^/(files|sub)/(?<name>[^/]+)$\">\n%s %q\n</LocationMatch>\n", alias, docs+"/%{env:MATCH_NAME}")) +
		g.maybe(2, fmt.Sprintf("<Directory %q>\n%sAddHandler wsgi-script .wsgi\n</Directory>\n", g.oneOf(scripts, docs), g.execCGI()))
}

// inFolder is what mod_dir makes of folders and of what is not there.
func (g *generator) inFolder() string {
	lines := ""
	for range 1 + g.IntN(2) {
		lines += g.oneOf("FallbackResource "+g.oneOf("/app", "/app/all", "/docs.wsgi", "/sub/doc.wsgi", "/sub", "/sub/", "/t.txt", "/none.txt", "disabled", "/files/t.txt", "docs.wsgi", "/docs.wsgi?x=1", "/%61pp")+"\n",
			"DirectoryIndex "+g.oneOf("docs.wsgi doc.wsgi", "/app", "/sub/doc.wsgi", "none t.txt", "sub/doc.wsgi", "sub", "sub/", "/app?x=1", "disabled", "disabled docs.wsgi", "../docs.wsgi", "%64ocs.wsgi", "/dir/one.wsgi/info")+"\n",
			"DirectorySlash "+g.oneOf("On", "Off")+"\n", "DirectoryIndexRedirect "+g.oneOf("on", "off", "temp", "seeother", "301")+"\n", "DirectoryCheckHandler "+g.oneOf("On", "Off")+"\n")
	}
	section := g.sectionOf(lines + g.maybe(3, g.handling()))
	return g.oneOf(section, section, lines)
}

// actions are those of mod_actions, and what has the handlers for them.
func (g *generator) actions() string {
	target := g.oneOf("/app", "/docs.wsgi", "/h", "/sub/doc.wsgi", "/other", "/none.txt", "/t.txt", "/dir/one.wsgi", "/%61pp")
	action := g.oneOf("Action mine "+target+"\n", "Action mine "+target+" virtual\n", "Action Mine "+target+"\n", "Action wsgi-script "+target+"\n", "Action application/x-mine "+target+"\n",
		"Action default-handler "+target+"\n", "Script GET "+target+"\n", "Script GET "+target+"\n", "Script POST "+target+"\n", "Action mine "+target+"\nScript GET /app/script\n")
	named := g.oneOf("AddHandler mine .txt .wsgi\n", "SetHandler mine\n", "AddType application/x-mine .txt\n", "ForceType application/x-mine\n", "SetHandler MINE\n", "SetHandler default-handler\n",
		"RewriteEngine On\nRewriteRule \\.txt$ - [H=mine]\n", "RewriteEngine On\nRewriteRule ^ - [T=application/x-mine]\n", "")
	if strings.Contains(action, "Script") {
		return g.oneOf(action, "<Directory \""+g.folder()+"\">\n"+action+"</Directory>\n", "<Location /sub>\n"+action+"</Location>\n") + g.sectionOf(named)
	}
	return g.oneOf(action, g.sectionOf(action)) + g.sectionOf(named+g.maybe(4, action))
}

// nested are conditions with all of their branches, some in each other.
func (g *generator) nested() string {
	text := g.branches(2)
	return g.oneOf(text, text, g.folderOf(text), fmt.Sprintf("<Location %s>\n%s</Location>\n", g.oneOf("/app", "/sub", "/"), text))
}

func (g *generator) branches(depth int) string {
	inside := func() string {
		text := g.oneOf(g.setting(""), g.setting(""), g.methods(), g.requirement(), "SetEnv POOL "+g.oneOf(sharedGroups...)+"\n", "SetHandler wsgi-script\nOptions +ExecCGI\n", "ErrorDocument 404 /app/branch\n",
			"DirectoryIndex docs.wsgi\n", "FallbackResource /app\n", "RewriteEngine On\nRewriteRule ^ /app/ruled [L]\n", "Redirect /sub /app\n", "Redirect /other\n")
		if depth > 0 && g.IntN(2) == 0 {
			text += g.branches(depth - 1)
		}
		return text
	}
	text := fmt.Sprintf("<If %q>\n%s</If>\n", g.condition(), inside())
	for range g.IntN(3) {
		text += fmt.Sprintf("<ElseIf %q>\n%s</ElseIf>\n", g.condition(), inside())
	}
	return text + g.maybe(2, "<Else>\n"+inside()+"</Else>\n")
}

// variables choose a group by what an expression catches in the request.
func (g *generator) variables() string {
	lines := ""
	for range 1 + g.IntN(3) {
		lines += g.oneOf("SetEnvIf Request_URI ^/(a|d)([a-z]*) POOL=g$0\n", "SetEnvIf Request_URI ^/([a-z]+) FIRST=$1\n", "SetEnvIf FIRST ^(app|sub)$ POOL=g0 SEEN=$1\n", "SetEnvIf SEEN . POOL=g1 !FIRST\n",
			"SetEnvIf Host ^h([0-2])\\. POOL=g$1\n", "SetEnvIfNoCase Request_URI ^/APP POOL=g2\n", "SetEnvIf Request_Protocol HTTP/1\\.([01]) POOL=g$1\n", "SetEnvIf Request_URI \\.(wsgi|txt) !POOL\n",
			"SetEnvIf ^Ho.t$ h POOL=g2\n", "SetEnvIf NOTHING ^$ POOL=g1\n", "SetEnvIf POOL g([01]) POOL=g2 OLD=$1\n", "BrowserMatch . POOL=g1\n", "SetEnvIfExpr \"%{REQUEST_URI} =~ m#^/(app|sub)#\" POOL=g1 SEEN=$1\n",
			"SetEnvIf Request_URI ^/app GROUP=%{GLOBAL}\n", "SetEnv OLD 2\n", "UnsetEnv POOL\n", "PassEnv PATH\n", "SetEnvIf Request_URI /(g[0-2])$ POOL=$1 LOST=$2\n")
	}
	user := "WSGIProcessGroup %{ENV:" + g.oneOf("POOL", "POOL", "GROUP", "SEEN", "REDIRECT_POOL") + "}\n"
	return g.oneOf(lines, g.sectionOf(lines)) + g.oneOf(user, g.sectionOf(user), fmt.Sprintf("<If \"%%{env:POOL} == 'g1'\">\nWSGIProcessGroup g2\n</If>\n"))
}

// requirements are Requires of all kinds, in sections of them down to a depth.
func (g *generator) requirements(depth int) string {
	lines := ""
	for range 1 + g.IntN(3) {
		if depth == 0 || g.IntN(3) > 0 {
			lines += "Require " + g.provider() + "\n"
			continue
		}
		inside := g.requirements(depth - 1)
		lines += g.oneOf("<RequireAny>\n"+inside+"</RequireAny>\n", "<RequireAll>\n"+inside+"</RequireAll>\n",
			"<RequireAll>\n"+inside+"Require not "+g.elsewhere(g.provider())+"\n</RequireAll>\n", "<RequireAll>\n"+inside+"<RequireNone>\n"+g.elsewhere(g.requirements(0))+"</RequireNone>\n</RequireAll>\n")
	}
	return lines
}

// provider is what a Require asks for: something about the request or the address.
func (g *generator) provider() string {
	return g.oneOf("all granted", "all denied", "method GET", "method POST", "env POOL", "env NOTHING POOL", "env NOTHING", "expr true", "expr %{REQUEST_URI} =~ m#^/app#",
		"expr \"%{REQUEST_METHOD} == 'POST'\"", "expr %{HTTP_HOST} == 'h1.test' || -n %{QUERY_STRING}", "ip 127.0.0.1", "local")
}

// elsewhere is what a Require says with other addresses than that of the client: who is
// kept out by address is not told.
func (g *generator) elsewhere(provider string) string {
	return strings.NewReplacer("ip 127.0.0.1", "ip 10.1.2.3", "local", "ip 10.1.2.4").Replace(provider)
}

// redirects are those of mod_alias by patterns, inside and outside of sections.
func (g *generator) redirects() string {
	line := g.oneOf("RedirectMatch ", "RedirectMatch 301 ", "RedirectMatch seeother ", "RedirectMatch 307 ") + g.oneOf("^/app/(.*) /other/$1\n", "/x$ /app\n", "^/(sub|files)(/.*)?$ http://elsewhere.test$2\n", "\\.txt$ /none\n", "^ /all\n", "^/app$ /app/\n")
	refusal := g.oneOf("RedirectMatch gone \\.txt$\n", "RedirectMatch 403 ^/app/admin\n", "RedirectMatch 404 ^/sub/(.*)\n", "RedirectMatch 500 (?i)^/OTHER\n", "Redirect 403 /docs\n", "RedirectMatch 503 ^/$\n", "RedirectPermanent /files/sub /app\n", "RedirectTemp /dir/ /app/\n")
	own := "Redirect " + g.oneOf("", "permanent ", "303 ") + "/app/own\n"
	return g.oneOf(line, refusal, g.sectionOf(line), g.sectionOf(refusal), g.sectionOf(own), "<Location /sub>\nRedirect 410\n</Location>\n")
}

// users are folders of users, the names of which are those of hosts.
func (g *generator) users() string {
	lines := g.oneOf("UserDir "+g.root+"\n", "UserDir "+g.root+"/*/docs\n", "UserDir "+g.root+"/*/none "+g.root+"/*/docs\n", "UserDir disabled\nUserDir enabled h1 h2\nUserDir "+g.root+"/*/docs\n",
		"UserDir "+g.root+"/*/docs\nUserDir disabled h1\n", "UserDir http://elsewhere.test/*/\n", "UserDir disabled\n")
	return lines + g.maybe(2, fmt.Sprintf("<Directory %q>\n%s</Directory>\n", g.root+"/*/docs", g.handling()))
}

// ruled are rules of mod_rewrite with all of their flags: of the server, of the host
// and of folders.
func (g *generator) ruled() string {
	lines := ""
	for range 1 + g.IntN(4) {
		lines += g.maybe(4, g.rewriteCondition()) + "RewriteRule " + g.oneOf("^(/?)(app|sub)(/.*)?$ ", "^(/?)t ", "^(/?)none(.*)$ ", "^(/?)(.*)\\.txt$ ", "^(/?)files/(.*) ", "^ ", "^(/?)docs ", "!^/?app ", "^(.*)$ ") +
			g.oneOf("- ", "- ", "$1app$3 ", "/app/$2 ", "$1docs.wsgi ", "/docs.wsgi/$2 ", "$1sub/doc.wsgi ", "%{REQUEST_URI} ", "/other?q=$2 ", "$1t.txt ", "%{DOCUMENT_ROOT}/docs.wsgi ", "http://elsewhere.test/$2 ", "/sub/ ") + g.flags() + "\n"
	}
	lines = "RewriteEngine On\n" + g.maybe(5, "RewriteOptions "+g.oneOf("Inherit", "InheritBefore", "AllowNoSlash", "IgnoreInherit", "MergeBase")+"\n") + lines
	return g.oneOf(lines, lines, g.folderOf(lines), g.folderOf("RewriteBase /\n"+lines), fmt.Sprintf("<Location %s>\n%s</Location>\n", g.oneOf("/app", "/sub"), lines), fmt.Sprintf("<If %q>\n%s</If>\n", g.condition(), lines))
}

func (g *generator) flags() string {
	count := 1 + g.IntN(3)
	flags := make([]string, count)
	for i := range flags {
		flags[i] = g.oneOf("PT", "PT", "L", "END", "C", "S=1", "S=2", "N=3", "H=wsgi-script", "T=application/x-httpd-wsgi", "T=text/plain", "H=mine", "B", "NE", "QSA", "QSD", "E=POOL:g1", "E=POOL:$2", "E=!POOL", "NC", "NS", "R", "R=404",
			"R=301", "F", "G", "DPI", "QSL", "BNP", "B=/", "UnsafeAllow3F")
	}
	return "[" + strings.Join(flags, ",") + "]"
}
