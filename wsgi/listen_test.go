package wsgi

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// TestMainServerServesWhatNoHostIsFor holds the index of addresses against trying
// each Listen with each virtual host.
func TestMainServerServesWhatNoHostIsFor(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 7))
	pick := func(words ...string) string { return words[random.IntN(len(words))] }
	serving := 0
	const rounds = 300
	for range rounds {
		var configuration strings.Builder
		for range random.IntN(3) {
			fmt.Fprintf(&configuration, "Listen %s\n", pick("80", "81", "*:80", "127.0.0.1:80", "127.0.0.1:81", "[::1]:80"))
		}
		for range random.IntN(4) {
			host := fmt.Sprintf("<VirtualHost %s>\n</VirtualHost>\n", pick("*:80", "*:81", "*", "127.0.0.1:80", "127.0.0.1", "127.0.0.1:*", "_default_:81", "[::]:80", "[::1]:80 *:81"))
			configuration.WriteString(pick(host, host, "<IfModule other_module>\n"+host+"</IfModule>\n"))
		}
		config := conf.ReadSource("t.conf", configuration.String(), conf.Options{Modules: []conf.Module{Module(modwsgi.Newest)}})
		v := Look(config, modwsgi.Newest, nil)
		got, want := v.mainServes(), eachMainServes(v)
		if got != want {
			t.Errorf("the main server serves: %v, want %v in\n%s", got, want, configuration.String())
		}
		if want {
			serving++
		}
	}
	if serving < rounds/10 || serving > rounds*9/10 {
		t.Errorf("the main server serves in %d of %d configurations", serving, rounds)
	}
}

func eachMainServes(v *View) bool {
	for _, l := range v.Listens() {
		taken := false
		for _, s := range v.Config.Servers()[1:] {
			for _, address := range s.Addresses {
				isPort := address.Port == l.Port || address.Port == 0
				isHost := address.IsAny() || address.Host == l.Address
				taken = taken || isPort && isHost && s.Holds == expr.True
			}
		}
		if !taken {
			return true
		}
	}
	return len(v.Listens()) == 0
}
