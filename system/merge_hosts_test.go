package system

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	plainHost    = "# head\n<VirtualHost *:80>\nServerName s\nErrorLog e\n\nLimitRequestBody 1\nWSGIScriptAlias / /s\nRequire all granted\n</VirtualHost>\n"
	redirectHost = "# head\n<VirtualHost *:80>\nServerName s\nErrorLog e\n\nRedirect / https://s/\n</VirtualHost>\n"
	secureHost   = "\n<VirtualHost *:443>\nServerName s\nErrorLog e\n\nSSLEngine on\n\nLimitRequestBody 1\nWSGIScriptAlias / /s\nRequire all granted\n</VirtualHost>\n"
)

// A person's change is wherever the application is served, whichever virtual hosts
// a declaration has it served by.
func TestChangeOfAPersonFollowsTheApplication(t *testing.T) {
	t.Parallel()
	rule := strings.NewReplacer("ServerName s\n", "ServerName s\nRule\n")
	denied := strings.NewReplacer("Require all granted\n", "Require all denied\n")
	for name, c := range map[string]struct{ before, theirs, next, want string }{
		"a certificate comes":               {plainHost, rule.Replace(plainHost), redirectHost + secureHost, rule.Replace(redirectHost + secureHost)},
		"and HTTP goes on":                  {plainHost, denied.Replace(plainHost), plainHost + secureHost, denied.Replace(plainHost + secureHost)},
		"where only HTTPS has the line":     {plainHost, denied.Replace(plainHost), redirectHost + secureHost, redirectHost + denied.Replace(secureHost)},
		"outside of the virtual host":       {plainHost, "# mine\n" + plainHost + "# end\n", redirectHost + secureHost, "# mine\n" + redirectHost + secureHost + "# end\n"},
		"HTTP serves, too":                  {redirectHost + secureHost, redirectHost + denied.Replace(secureHost), plainHost + secureHost, denied.Replace(plainHost + secureHost)},
		"the certificate goes":              {redirectHost + secureHost, redirectHost + rule.Replace(secureHost), plainHost, rule.Replace(plainHost)},
		"the same virtual hosts":            {redirectHost + secureHost, redirectHost + rule.Replace(secureHost), redirectHost + secureHost, redirectHost + rule.Replace(secureHost)},
		"in one that goes":                  {redirectHost + secureHost, rule.Replace(redirectHost) + secureHost, plainHost, ""},
		"another port by hand":              {plainHost, strings.Replace(plainHost, ":80", ":81", 1), redirectHost + secureHost, ""},
		"a virtual host by hand":            {plainHost, plainHost + secureHost, redirectHost + secureHost, ""},
		"text between them by hand":         {redirectHost + secureHost, redirectHost + "# mine\n" + secureHost, plainHost, ""},
		"a line that is declared otherwise": {plainHost, denied.Replace(plainHost), redirectHost + strings.ReplaceAll(secureHost, "Require all granted", "Require local"), ""},
	} {
		merged, unfit := mergeSite(c.before, c.theirs, c.next)
		if diff := cmp.Diff(c.want, merged); diff != "" || (unfit != nil) != (c.want == "") {
			t.Errorf("%s: misfit %v (-want +got):\n%s", name, unfit, diff)
		}
	}
	if _, unfit := mergeSite(plainHost, denied.Replace(plainHost), redirectHost+strings.ReplaceAll(secureHost, "Require all granted", "Require local")); unfit == nil || unfit.Line != 8 {
		t.Errorf("misfit %+v, want that of line 8", unfit)
	}
}
