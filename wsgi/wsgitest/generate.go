package wsgitest

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// generator writes configurations over the whole space of what decides where a
// request runs. What it writes starts: the groups and scripts that it names at
// start are there.
type generator struct {
	*rand.Rand
	root  string // folder of the scripts
	ports [2]int // of the virtual hosts
	host  int    // number of the configuration being written
	main  strings.Builder
	hosts strings.Builder
	files map[string]string // .htaccess files, by their names
	urls  []Probe
}

// sharedGroups are declared in the main server of each batch.
var sharedGroups = []string{"g0", "g1", "g2"}

// oneOf picks one of the texts.
func (g *generator) oneOf(texts ...string) string { return texts[g.IntN(len(texts))] }

// maybe is text in one of n cases.
func (g *generator) maybe(n int, text string) string {
	if g.IntN(n) == 0 {
		return text
	}
	return ""
}

// configuration writes one configuration: a virtual host, often a second one
// of the same or another name, and what the main server says of their folders.
func (g *generator) configuration(number int) {
	g.host = number
	name, port := fmt.Sprintf("h%d.test", number), g.ports[0]
	private := g.maybe(5, fmt.Sprintf("p%d", number))
	g.virtualHost(name, port, private, private)
	switch g.IntN(4) {
	case 0:
		g.virtualHost(name, g.ports[1], "", private)
	case 1:
		g.virtualHost("other-"+name, port, "", private)
	}
	if g.IntN(3) == 0 {
		g.main.WriteString(g.section("", private))
	}
}

// folder is that of the scripts of the configuration.
func (g *generator) folder() string { return fmt.Sprintf("%s/h%d", g.root, g.host) }

// virtualHost writes one virtual host. It declares the group declared, and may
// name the group known.
func (g *generator) virtualHost(name string, port int, declared, known string) {
	b := &g.hosts
	fmt.Fprintf(b, "<VirtualHost *:%d>\nServerName %s\nDocumentRoot %q\n", port, name, g.folder()+"/docs")
	if declared != "" {
		fmt.Fprintf(b, "WSGIDaemonProcess %s threads=1\n", declared)
	}
	var settings []string
	settings = append(settings, g.aliases(known)...)
	if g.IntN(2) == 0 {
		settings = append(settings, g.setting(known))
	}
	if g.IntN(4) == 0 {
		settings = append(settings, g.setting(known))
	}
	for range g.IntN(4) {
		settings = append(settings, g.section("", known))
	}
	if g.IntN(3) == 0 {
		settings = append(settings, g.handlers(known)...)
	}
	settings = append(settings, g.maybe(4, "SetEnv POOL "+g.oneOf("g0", "", "%{GLOBAL}")+"\n"),
		g.maybe(6, fmt.Sprintf("Alias /app/static %q\n", g.folder()+"/docs")),
		g.maybe(6, "Redirect /app/old /app/new\n"), g.maybe(4, g.rewriting()))
	settings = append(settings, g.maybe(3, g.detour()), g.maybe(5, g.detour()))
	for range g.IntN(4) {
		if g.IntN(2) == 0 {
			settings = append(settings, g.site())
		} else {
			settings = append(settings, g.module())
		}
	}
	settings = append(settings, g.maybe(3, g.access()), g.maybe(6, g.access()))
	for i, setting := range settings {
		switch {
		case setting == "":
		case g.IntN(12) == 0:
			settings[i] = g.kept(setting)
		case g.IntN(12) == 0:
			settings[i] = g.removed(setting)
		}
	}
	g.Shuffle(len(settings), func(i, j int) { settings[i], settings[j] = settings[j], settings[i] })
	b.WriteString(strings.Join(settings, "") + "</VirtualHost>\n")
	for _, path := range g.paths() {
		g.urls = append(g.urls, Probe{name, path, port})
	}
}

// paths are URLs to ask, some of which lead nowhere.
func (g *generator) paths() []string {
	all := []string{"/", "/app", "/app/", "/app/x/y", "/app/admin", "/app/admin/1", "/app//x", "/app/static/t.txt", "/app/old/1",
		"/dir/one.wsgi", "/dir/one.wsgi/info", "/dir/sub/two.wsgi", "/match/1", "/h", "/h/1", "/docs.wsgi", "/sub/doc.wsgi", "/nothing", "/other",
		"/sub/", "/sub", "/t.txt", "/t.txt/x", "/missing/x", "/app/./x", "/%61pp", "/app%2Fx", "/sub/%2e%2e/docs.wsgi"}
	all = append(all, sitePaths...)
	g.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all[:6]
}

// aliases are script aliases in an order in which they may hide each other.
func (g *generator) aliases(known string) []string {
	var all []string
	for range 1 + g.IntN(3) {
		switch g.IntN(8) {
		case 0, 1:
			all = append(all, g.alias("WSGIScriptAlias", "/", g.folder()+"/app.wsgi", known))
		case 2, 3, 4:
			all = append(all, g.alias("WSGIScriptAlias", g.oneOf("/app", "/app", "/app/admin"), g.folder()+g.oneOf("/app.wsgi", "/other.wsgi"), known))
		case 5:
			all = append(all, g.alias("WSGIScriptAlias", "/dir/", g.folder()+"/dir/", known))
		case 6:
			all = append(all, g.alias("WSGIScriptAliasMatch", "^/dir/(.*\\.wsgi)", g.folder()+"/dir/$1", known))
		default:
			all = append(all, g.alias("WSGIScriptAliasMatch", g.oneOf("^/match", "/match", "^/(match|app)"), g.folder()+"/app.wsgi", known))
		}
	}
	return []string{strings.Join(all, "")}
}

func (g *generator) alias(directive, url, target, known string) string {
	line := fmt.Sprintf("%s %s %q", directive, url, target)
	process := g.maybe(2, g.group(known))
	application := g.maybe(3, g.oneOf("%{GLOBAL}", "%{SERVER}", "%{RESOURCE}", "%{HOST}"))
	if process != "" && !strings.HasPrefix(process, "%{") && application == "%{GLOBAL}" {
		process = g.oneOf(sharedGroups...) // preloaded, and so looked up at start
	}
	if process != "" {
		line += " process-group=" + g.quoted(process)
	}
	if application != "" {
		line += " application-group=" + g.quoted(application)
	}
	return line + "\n"
}

// quoted writes a value with or without quotes.
func (g *generator) quoted(text string) string {
	return g.oneOf(text, text, `"`+text+`"`, "'"+text+"'")
}

// group is the name of a process group: one that is declared, and now and then
// one that is not, or that only the request decides.
func (g *generator) group(known string) string {
	switch g.IntN(12) {
	case 0, 1:
		return "%{GLOBAL}"
	case 2:
		return g.oneOf("nosuch", "G0", "%{USER}", "g0%{GLOBAL}", "%", "%{ENV:}")
	case 3:
		return g.oneOf("%{SERVER}", "%{RESOURCE}", "%{HOST}", "%{ENV:POOL}", "%{ENV:NOTHING}")
	case 4, 5:
		if known != "" {
			return known
		}
	}
	return g.oneOf(sharedGroups...)
}

// setting is one directive that has a part in the decision.
func (g *generator) setting(known string) string {
	switch g.IntN(9) {
	case 0:
		return "WSGIApplicationGroup " + g.oneOf("%{GLOBAL}", "%{SERVER}", "%{RESOURCE}", "%{HOST}", "fixed") + "\n"
	case 1:
		return "WSGIRestrictProcess " + strings.Join([]string{g.group(known), g.group(known), g.maybe(2, g.group(known))}, " ") + "\n"
	case 2:
		return "UseCanonicalName " + g.oneOf("On", "Off") + "\n"
	case 3:
		return "WSGIScriptReloading " + g.oneOf("On", "Off") + "\n"
	}
	return "WSGIProcessGroup " + g.quoted(g.group(known)) + "\n"
}

// section is a section around settings, with or without one inside it.
func (g *generator) section(inner, known string) string {
	opening := g.opening()
	name := strings.Fields(opening)[0]
	body := inner
	if body == "" {
		body = g.setting(known)
		if g.IntN(3) == 0 {
			body += g.setting(known)
		}
	}
	if strings.HasPrefix(name, "<Directory") && g.IntN(4) == 0 {
		inside := g.setting(known) + g.maybe(3, fmt.Sprintf("<If %q>\n%s</If>\n", g.condition(), g.setting(known)))
		body += fmt.Sprintf("<Files %s>\n%s</Files>\n", g.oneOf("app.wsgi", "*.wsgi", "other.wsgi", "one.wsgi", `"?ther.wsgi"`), inside)
	}
	if g.IntN(6) == 0 {
		inside := g.setting(known) + g.maybe(3, fmt.Sprintf("<If %q>\n%s</If>\n<Else>\n%s</Else>\n", g.condition(), g.setting(known), g.setting(known)))
		body += fmt.Sprintf("<If %q>\n%s</If>\n", g.condition(), inside)
	}
	if g.IntN(8) == 0 {
		body += g.oneOf(g.kept(g.setting(known)), g.removed(g.setting(known)))
	}
	return opening + "\n" + body + "</" + name[1:] + ">\n"
}

// opening is the first line of a section.
func (g *generator) opening() string {
	switch g.IntN(8) {
	case 0, 1:
		return fmt.Sprintf("<Directory %q>", g.folder()+g.oneOf("", "", "/", "/dir", "/dir/sub", "/docs", "/elsewhere"))
	case 2:
		return fmt.Sprintf("<Directory %q>", g.root+g.oneOf("", "/*", "/h*/dir", "/h?"))
	case 3:
		return fmt.Sprintf("<DirectoryMatch %q>", g.oneOf("/h[0-9]+/dir", "^"+g.root, "/nowhere"))
	case 4, 5:
		return fmt.Sprintf("<Location %s>", g.oneOf("/", "/app", "/app/", "/app/admin", "/dir", "/dir/sub", "/h", "/app*", "/ap"))
	case 6:
		return fmt.Sprintf("<LocationMatch %q>", g.oneOf("^/app", "admin", "^/(dir|h)/", "/nowhere"))
	default:
		return fmt.Sprintf("<If %q>", g.condition())
	}
}

// condition is an expression that what a plain GET tells decides.
func (g *generator) condition() string {
	return g.oneOf("true", "false", "1 == 2", "%{REQUEST_METHOD} == 'GET'", "%{REQUEST_METHOD} == 'POST'",
		"%{REQUEST_URI} =~ m#^/app#", "%{REQUEST_URI} =~ /admin/", "%{HTTP_HOST} =~ /^other/", "! %{REQUEST_URI} =~ m#^/dir#",
		"%{REQUEST_URI} == '/app'", "%{SERVER_NAME} == 'h1.test'")
}

// rewriting are rules that send a request elsewhere before any alias looks.
func (g *generator) rewriting() string {
	rule := g.oneOf("RewriteRule ^/nothing /app/made [PT]", "RewriteRule ^/app/(x|admin)(.*) /app/$1-$2 [PT,L]", "RewriteRule ^/other - [F]",
		"RewriteRule ^/nothing(.*) /docs.wsgi$1", "RewriteRule ^/dir /elsewhere [R=302,L]", "RewriteRule ^/nothing - [H=wsgi-script]",
		"RewriteRule !^/app - [L]\nRewriteRule ^ /app/all [PT]", g.mapped(), g.mapped())
	return "RewriteEngine " + g.oneOf("On", "On", "On", "Off") + "\n" + g.maybe(2, g.rewriteCondition()) + rule + "\n"
}

func (g *generator) rewriteCondition() string {
	switch g.IntN(4) {
	case 0:
		return fmt.Sprintf("RewriteCond expr \"%s\"\n", g.oneOf("", "! ", "-n %{QUERY_STRING} || ")+g.oneOf(g.condition(), "%{REQUEST_URI} in { '/app', '/other' }",
			"-f %{DOCUMENT_ROOT}.%{REQUEST_FILENAME}", "%{REQUEST_URI} -strmatch '/app/*'", "toupper(%{REQUEST_URI}) == '/APP'"))
	case 1:
		return fmt.Sprintf("RewriteCond %%{REQUEST_URI} %s%s%s\n", g.oneOf("", "!"), g.oneOf("=", "<", ">", "<=", ">="), g.oneOf("/app", "/other", "/APP [NC]", "%{REQUEST_URI}"))
	}
	return g.oneOf("RewriteCond %{HTTPS} !=on\n", "RewriteCond %{HTTPS} =on\n", "RewriteCond %{REQUEST_URI} ^/app [OR]\nRewriteCond %{HTTP_HOST} ^h [NC]\n",
		"RewriteCond %{REQUEST_METHOD} POST\n", "RewriteCond %{SERVER_PORT} ^[0-9]+$\n")
}

// mapped is a rule that looks something up.
func (g *generator) mapped() string {
	pages := fmt.Sprintf("RewriteMap pages %s%s/pages.map\n", g.oneOf("txt:", "rnd:", ""), g.folder())
	cases := fmt.Sprintf("RewriteMap case int:%s\n", g.oneOf("tolower", "toupper", "escape", "unescape"))
	return pages + cases + g.oneOf("RewriteRule ^/([a-z]+)(.*) ${pages:$1|/other}$2 [PT]", "RewriteRule ^/app/(.*) ${pages:$1} [PT]", "RewriteRule ^/(.*) /${case:$1} [PT]",
		"RewriteRule ^/(.*) ${pages:${case:$1}|/app} [PT,L]", "RewriteCond ${pages:%{REQUEST_METHOD}} =/app\nRewriteRule ^ ${pages:GET} [PT]", "RewriteRule ^/ ${nosuch:x|/docs.wsgi}")
}

// pages is the text of a map.
const pages = "# pages\napp /app\nadmin /app/admin of it\n other /none\nnothing\t/docs.wsgi\nGET /app\nAPP /other\nsub /dir/sub\n"

// detour sends requests elsewhere by another module than mod_alias and
// mod_wsgi, or sets what names of groups are made of.
func (g *generator) detour() string {
	docs := fmt.Sprintf("<Directory %q>\n%%s</Directory>\n", g.folder()+"/docs")
	switch g.IntN(7) {
	case 0:
		return "DirectoryIndex " + g.oneOf("docs.wsgi", "none.html docs.wsgi", "/app", "/app/index", "disabled", "doc.wsgi") + "\n"
	case 1:
		return g.oneOf("FallbackResource /app\n", "FallbackResource /docs.wsgi\n", fmt.Sprintf(docs, "FallbackResource /h\n"))
	case 2:
		return "ErrorDocument 404 " + g.oneOf("/app/missing", "/docs.wsgi", "/other", "\"text\"") + "\n"
	case 3:
		return g.oneOf("SetEnvIf Request_URI ^/app POOL=g1\n", "SetEnvIfNoCase Host ^H POOL=g0\n", "SetEnvIf Request_Method POST POOL=g2\n", "<Location /app>\nSetEnvIf Request_URI admin POOL=g2\n</Location>\n")
	case 4:
		return "AddHandler mine .txt\nAction mine " + g.oneOf("/app", "/docs.wsgi", "/h virtual") + "\n"
	default:
		rule := g.oneOf("RewriteRule ^nothing /app [L]", "RewriteRule ^sub/(.*) docs.wsgi/$1", "RewriteCond %{REQUEST_FILENAME} !-f\nRewriteRule ^(.*)$ /app/$1 [L]",
			"RewriteRule ^t\\.txt - [F]", "RewriteRule ^docs - [E=POOL:g0]", "RewriteCond %{REQUEST_FILENAME} -d\nRewriteRule ^ docs.wsgi [END]", "RewriteRule \\.txt$ - [H=wsgi-script]")
		return fmt.Sprintf(docs, "RewriteEngine "+g.oneOf("On", "On", "Off")+"\n"+rule+"\n")
	}
}

// execCGI is Options that let a handler run scripts, mostly.
func (g *generator) execCGI() string {
	return g.oneOf("Options +ExecCGI\n", "Options +ExecCGI\n", "Options ExecCGI\n", "Options All\n", "Options -Indexes\n", "Options ExecCGI\nOptions None\n", "")
}

// handlers lead to scripts by SetHandler and AddHandler.
func (g *generator) handlers(known string) []string {
	switch g.IntN(4) {
	case 0:
		script := fmt.Sprintf("WSGIHandlerScript h%d %q%s\n", g.host, g.folder()+"/handler.py", g.maybe(2, " process-group="+g.quoted(g.group(known))))
		return []string{script, fmt.Sprintf("<Location /h>\nSetHandler h%d\n%s</Location>\n", g.host, g.maybe(2, g.setting(known)))}
	case 1:
		return []string{fmt.Sprintf("<Directory %q>\n%sAddHandler wsgi-script .wsgi\n%s</Directory>\n", g.folder()+"/docs", g.execCGI(), g.maybe(2, g.setting(known)))}
	case 2:
		return []string{fmt.Sprintf("<Directory %q>\n%sSetHandler wsgi-script\n%s</Directory>\n", g.folder()+"/docs", g.execCGI(), g.maybe(2, g.setting(known)))}
	default:
		return []string{fmt.Sprintf("<Directory %q>\n%sAddType application/x-httpd-wsgi .wsgi\n%s</Directory>\n", g.folder()+"/docs", g.execCGI(), g.maybe(2, g.setting(known)))}
	}
}
