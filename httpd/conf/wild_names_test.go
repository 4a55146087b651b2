package conf

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestWildNamesAreFoundAsByTryingEach holds the index of virtual hosts by name
// against asking one after the other.
func TestWildNamesAreFoundAsByTryingEach(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 1))
	pick := func(words ...string) string { return words[random.IntN(len(words))] }
	for range 300 {
		var conf strings.Builder
		for range 1 + random.IntN(12) {
			name, alias := "", ""
			for range 3 {
				name += pick("a", "b", "x.", ".org", "É")
				alias += pick("a", "b", "x.", ".org", "*", "*", "?", "É", "*.")
			}
			fmt.Fprintf(&conf, "<VirtualHost *:80>\nServerName %s\nServerAlias %s %s\n</VirtualHost>\n", name, alias, pick("A*", "*", "none", "?*b", "*.org"))
		}
		config := ReadSource("t.conf", conf.String(), Options{})
		hosts := config.Servers()[1:]
		for range 20 {
			host := ""
			for range 3 {
				host += pick("a", "B", "x.", ".org", "é", "c")
			}
			host = strings.TrimSuffix(host, ".")
			want := hosts[0]
			for _, s := range hosts {
				if s.HasName(host) {
					want = s
					break
				}
			}
			if got, _, _ := config.ServerFor(host, 80); got != want {
				t.Errorf("%s: virtual host %d, want %d in\n%s", host, got.Index, want.Index, conf.String())
			}
		}
	}
}
