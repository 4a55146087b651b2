package audit

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

var certbotDuplicate = &Rule{
	ID: "WC212", Name: "certbot-duplicate", Severity: Warning, Category: CategoryMode, Since: unreleased,
	Summary: "certbot will break a daemon process group that a virtual host for port 80 declares",
	Why: "certbot --apache copies the whole virtual host for port 443, with its WSGIDaemonProcess. Names of groups hold " +
		"for the whole server, so that Apache refuses the copy.",
	Remedy: "Declare the group outside of the virtual host; both virtual hosts can then name it.",
	Link:   "https://github.com/certbot/certbot/issues/1820",
	Bad: `
<VirtualHost *:80>
ServerName shop.example
WSGIDaemonProcess shop
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop
</VirtualHost>`,
	Good: `
WSGIDaemonProcess shop
<VirtualHost *:80>
ServerName shop.example
WSGIScriptAlias / /srv/shop/app.wsgi process-group=shop
</VirtualHost>`,
	Check: checkCertbotDuplicate,
}

func checkCertbotDuplicate(p *Pass) {
	for _, group := range p.Daemons {
		s := group.Server
		if !s.IsVirtual() || s.NameFrom == nil || !isPublicName(s.Name) || !s.IsPlainHTTP() || p.hasTLS(s) || p.HasCopyElsewhere(group) {
			continue
		}
		f := Finding{Message: fmt.Sprintf("the daemon process group %s is declared in %s for port 80: certbot would declare it twice", group.Name, s.Name)}
		if edits, ok := moveAbove(group.Directive, s.Section); ok && group.Parent == s.Section {
			f.Fix = p.fixOf(false, "declare the group before the virtual host", edits...)
		}
		p.Report(group.Directive, f)
	}
}

// isPublicName tells a name that certificates are given out for, which takes a
// domain of the public DNS: no address, and no name of a local network
// (RFC 6761, 6762, 8375 and what else is never given to anybody).
func isPublicName(name string) bool {
	labels := strings.Split(strings.ToLower(name), ".")
	top := labels[len(labels)-1]
	if len(labels) < 2 || strings.ContainsFunc(name, notOfNames) || !strings.ContainsFunc(top, unicode.IsLetter) {
		return false
	}
	return !slices.Contains([]string{"local", "localhost", "localdomain", "test", "invalid", "internal", "intranet", "lan", "home", "corp", "arpa"}, top)
}

// notOfNames tells what no name of a host has in it, as a variable that was not
// replaced does.
func notOfNames(r rune) bool {
	return r != '-' && r != '.' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

// hasTLS tells whether there is a virtual host for port 443 with the same name
// already.
func (p *Pass) hasTLS(s *conf.Server) bool {
	other, _, _ := p.Config.ServerFor(s.Name, 443)
	return other.IsVirtual() && other.HasName(s.Name) && !other.IsPlainHTTP()
}
