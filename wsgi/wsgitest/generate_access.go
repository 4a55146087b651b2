package wsgitest

import (
	"crypto/sha1" // what httpd takes in files of passwords
	"encoding/base64"
	"fmt"
	"strings"
)

// The user that may get in where a password is asked for.
const (
	user     = "anna"
	password = "open sesame"
)

// passwords is the AuthUserFile with him.
func passwords() string {
	sum := sha1.Sum([]byte(password))
	return user + ":{SHA}" + base64.StdEncoding.EncodeToString(sum[:]) + "\n"
}

// access says who gets in, somewhere: by Require, as Apache 2.2 had it, or by a
// password.
func (g *generator) access() string {
	rule := g.oneOf(g.requirement(), g.oldAccess(), g.identity(), g.identity())
	switch g.IntN(6) {
	case 0:
		return g.filesIn(rule)
	case 1, 2:
		return g.folderOf(rule)
	case 3:
		return fmt.Sprintf("<If %q>\n%s</If>\n", g.condition(), rule)
	case 4:
		return fmt.Sprintf("<Directory %q>\n%s</Directory>\n", g.folder(), rule)
	}
	return fmt.Sprintf("<Location %s>\n%s</Location>\n", g.oneOf("/", "/app", "/app/admin", "/sub", "/docs.wsgi", "/dir", "/t.txt"), rule)
}

// requirement are Requires that need no user.
func (g *generator) requirement() string {
	plain := g.oneOf("Require all denied\n", "Require all granted\n", "Require ip 127.0.0.1\n", "Require method GET HEAD\n", "Require method POST\n", "Require local\n")
	return g.oneOf(plain, plain+g.oneOf("Require all denied\n", "Require all granted\n"), "<RequireAll>\n"+plain+"Require all granted\n</RequireAll>\n",
		"<RequireAny>\n"+plain+"<RequireAll>\nRequire all granted\nRequire not all denied\n</RequireAll>\n</RequireAny>\n",
		"<RequireAll>\nRequire all granted\n<RequireNone>\nRequire ip 10.1.2.3\nRequire method POST\n</RequireNone>\n</RequireAll>\n",
		g.limited("Require all denied\n"), "Require all granted\n"+g.limited("Require all denied\n"))
}

// limited is for some methods only.
func (g *generator) limited(rule string) string {
	return g.oneOf("<Limit POST>\n"+rule+"</Limit>\n", "<Limit GET>\n"+rule+"</Limit>\n", "<LimitExcept POST>\n"+rule+"</LimitExcept>\n", "<LimitExcept GET>\n"+rule+"</LimitExcept>\n")
}

// oldAccess is what mod_access_compat does.
func (g *generator) oldAccess() string {
	lines := g.maybe(2, "Order "+g.oneOf("allow,deny", "Deny,Allow", "deny,allow", "mutual-failure")+"\n")
	for range g.IntN(3) {
		lines += g.oneOf("Allow", "Deny", "Deny") + " from " + g.oneOf("all", "all", "env=POOL", "env=!POOL", "env=NOTHING", "All") + "\n"
	}
	lines += g.maybe(3, "Satisfy "+g.oneOf("Any", "all")+"\n")
	if lines == "" {
		lines = "Deny from all\n"
	}
	return g.oneOf(lines, lines, lines+g.limited("Deny from all\n"))
}

// identity asks who it is.
func (g *generator) identity() string {
	asked := "AuthType Basic\nAuthName closed\nAuthUserFile " + fmt.Sprintf("%q", strings.TrimSuffix(g.root, "/srv")+"/passwords") + "\n"
	who := g.oneOf("Require valid-user\n", "Require valid-user\n", "Require user "+user+"\n", "Require all denied\nRequire valid-user\n", "Require all granted\nRequire valid-user\n",
		"<RequireAll>\nRequire valid-user\nRequire all granted\n</RequireAll>\n", "<RequireAll>\nRequire valid-user\nRequire all denied\n</RequireAll>\n", "<RequireAll>\nRequire valid-user\nRequire not ip 10.1.2.3\n</RequireAll>\n",
		g.limited("Require valid-user\n"), "Require valid-user\n"+g.maybe(2, "Deny from all\n")+"Satisfy Any\n", "")
	return g.oneOf(asked+who, asked+who, asked+who, asked+who, who, "AuthType None\n"+who, "AuthType Basic\n"+who) + g.maybe(4, "ErrorDocument 401 "+g.oneOf("/app/login", "/t.txt", "/other", "http://elsewhere.test/", "\"text\"")+"\n")
}

// removed is what stands in a condition that does not hold.
func (g *generator) removed(text string) string {
	return inCondition(g.oneOf("<IfModule mod_nosuch.c>", "<IfModule !mod_wsgi.c>", "<IfModule !wsgi_module>", "<IfDefine NOTHING>", "<IfVersion < 2.4>", "<IfFile /nowhere/at/all>"), text)
}

// kept is what stands in one that holds.
func (g *generator) kept(text string) string {
	return inCondition(g.oneOf("<IfModule mod_wsgi.c>", "<IfModule !mod_nosuch.c>", "<IfModule rewrite_module>", "<IfDefine !NOTHING>", "<IfVersion >= 2.4>", "<IfFile />"), text)
}

func inCondition(opening, text string) string {
	return opening + "\n" + text + "</" + strings.Fields(opening[1:])[0] + ">\n"
}
