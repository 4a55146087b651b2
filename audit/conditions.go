package audit

import (
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// bothHold tells whether two directives are in effect together: open
// conditions around them are the same, or ask for mod_ssl, which is there where
// certbot put it.
func (f *facts) bothHold(a, b *conf.Directive) bool {
	return f.withoutTLS(f.Httpd.Undecided(a.Unknown, b.Unknown)) == nil && f.withoutTLS(f.Httpd.Undecided(b.Unknown, a.Unknown)) == nil
}

func (f *facts) withoutTLS(c *conf.Condition) *conf.Condition {
	if c != nil && strings.EqualFold(c.Kind, "IfModule") && (c.Subject == "mod_ssl.c" || c.Subject == "ssl_module") && !c.Negated {
		return f.withoutTLS(f.Httpd.Undecided(c.Outer, nil))
	}
	return c
}
