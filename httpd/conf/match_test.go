package conf_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// TestServerIsTheOneThatAnswers gives each virtual host a text of its own for
// error 404, and compares the one that answers with the one predicted.
func TestServerIsTheOneThatAnswers(t *testing.T) {
	t.Parallel()
	random := httpdtest.Random(t)
	m := &maker{random: random, version: httpdtest.Version(t)}
	for range httpdtest.Rounds(t, 8) {
		server := httpdtest.New(t)
		var configuration strings.Builder
		configuration.WriteString("ErrorDocument 404 \"main\"\n")
		port := fmt.Sprint(server.Port)
		for i := range random.IntN(7) + 1 {
			address := m.pick("*:"+port, "*:"+port, "*:"+port, "*", "*:*", "127.0.0.1:"+port, "127.0.0.1:*", "127.0.0.2:"+port, "*:1", "127.0.0.1:1", "_default_:"+port,
				"*:1 127.0.0.1:"+port, "*:"+port+" 127.0.0.1:"+port, "0.0.0.0:"+port)
			fmt.Fprintf(&configuration, "<VirtualHost %s>\nServerName %s\n", address, m.pick("a.test", "b.test", "c.test", "http://a.test:99", "127.0.0.1"))
			if m.chance(50) {
				fmt.Fprintf(&configuration, "ServerAlias %s\n", m.pick("b.test d.test", "*.test", "?.test", "D.*", "c*"))
			}
			fmt.Fprintf(&configuration, "ErrorDocument 404 \"host %d\"\n</VirtualHost>\n", i)
		}
		server.Start(configuration.String())
		config, err := conf.Read(server.Root+"/httpd.conf", options(server))
		if err != nil {
			t.Fatal(err)
		}
		local := netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), uint16(server.Port))
		for _, host := range []string{"a.test", "B.test", "c.test", "d.test", "x.other", "127.0.0.1"} {
			_, want := server.Get(host, "/none")
			predicted, certain, reason := config.ServerAt(local.Addr(), host, int(local.Port()))
			candidates, _ := lastWins(predicted.Settings(conf.Request{URI: "/none"}, "ErrorDocument"))
			if got := candidates[0].Word(1); got != strings.TrimSpace(want) || certain != expr.True {
				t.Errorf("%s: predicted %s (%v, %s), httpd says %s\n%s", host, got, certain, reason, want, configuration.String())
			}
		}
		server.Stop()
	}
}
