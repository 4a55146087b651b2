package conf_test

import (
	"slices"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
)

// TestRegularExpressionsOfBothServersHaveOneOrder has that of the main server win,
// which has more slashes in it; httpd says so in the test of random scopes.
func TestRegularExpressionsOfBothServersHaveOneOrder(t *testing.T) {
	t.Parallel()
	config := conf.ReadSource("t.conf", `
<DirectoryMatch "/docs/a">
SetHandler main
</DirectoryMatch>
<VirtualHost *:80>
ServerName one.test
<DirectoryMatch "/docs">
SetHandler host
</DirectoryMatch>
</VirtualHost>
`, conf.Options{})
	server, _, _ := config.ServerFor("one.test", 80)
	candidates, _ := lastWins(server.Settings(conf.Request{URI: "/a/x", File: "/srv/docs/a/x"}, "SetHandler"))
	if got := candidates[0].Word(0); got != "main" {
		t.Errorf("%s wins", got)
	}
}

// lastWins are the settings that may have the last word: the last one, and while
// that is not certain the one before it, and so on. decided is false when even the
// first of them is not certain, so that the default is possible too.
func lastWins(settings []conf.Setting) (candidates []conf.Setting, decided bool) {
	for _, setting := range slices.Backward(settings) {
		candidates = append(candidates, setting)
		if setting.Holds == expr.True {
			return candidates, true
		}
	}
	return candidates, len(settings) == 0
}
