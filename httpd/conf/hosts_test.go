package conf_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

func TestHostsAndIncludesAreThoseOfHTTPDsDumps(t *testing.T) {
	t.Parallel()
	random := httpdtest.Random(t)
	for range httpdtest.Rounds(t, 15) {
		server := httpdtest.New(t)
		configuration := manyHosts(random, server)
		file, hosts, reported, err := server.Ask(configuration, "-D", "DUMP_VHOSTS")
		if err != nil {
			t.Fatalf("%v %s\n%s", err, reported, configuration)
		}
		_, includes, _, _ := server.Ask(configuration, "-D", "DUMP_INCLUDES")
		config, err := conf.Read(file, options(server))
		if err != nil {
			t.Fatal(err)
		}
		var gotHosts, gotIncludes strings.Builder
		config.WriteHosts(&gotHosts, "127.0.0.1")
		config.WriteIncludes(&gotIncludes)
		if diff := cmp.Diff(groupsOf(hosts), groupsOf(gotHosts.String())); diff != "" {
			t.Errorf("hosts (-httpd +wsgictl):\n%s\n%s", diff, configuration)
		}
		if diff := cmp.Diff(includes, gotIncludes.String()); diff != "" {
			t.Errorf("includes (-httpd +wsgictl):\n%s\n%s", diff, configuration)
		}
		os.RemoveAll(server.Root)
	}
}

// groupsOf are the addresses of DUMP_VHOSTS with their lines, in the order of
// the addresses: httpd prints IP addresses in the order of a hash table.
func groupsOf(dump string) []string {
	var groups []string
	for line := range strings.Lines(dump) {
		if len(groups) > 0 && strings.HasPrefix(line, "    ") {
			groups[len(groups)-1] += line
			continue
		}
		groups = append(groups, line)
	}
	slices.Sort(groups)
	return groups
}

// manyHosts writes virtual hosts with all kinds of addresses, names and
// aliases, some of them in files and macros.
func manyHosts(random *rand.Rand, server *httpdtest.Server) string {
	pick := func(words ...string) string { return words[random.IntN(len(words))] }
	var out strings.Builder
	out.WriteString("<Macro Host $name $port>\n<VirtualHost *:$port>\nServerName $name\n</VirtualHost>\n</Macro>\n")
	for i := range random.IntN(12) + 1 {
		var host strings.Builder
		addresses := pick("*:80", "*:80", "*:443", "*:*", "*", "_default_:80", "_default_:443", "127.0.0.1:80", "127.0.0.1:*", "10.1.1.1:443",
			"10.1.1.1", "*:80 *:443", "*:80 10.1.1.1:80", "[::1]:80", "*:80 *:80", "0.0.0.0:80")
		fmt.Fprintf(&host, "<VirtualHost %s>\n", addresses)
		if random.IntN(4) > 0 || strings.ContainsAny(addresses, "12") {
			fmt.Fprintf(&host, "  ServerName %s\n", pick(fmt.Sprintf("h%d.test", i), fmt.Sprintf("H%d.test:8080", i), fmt.Sprintf("https://h%d.test", i)))
		}
		for range random.IntN(3) {
			fmt.Fprintf(&host, "  ServerAlias %s\n", pick("a.test b.test", "*.w.test c.test", "\"q.test\"", "x?.test"))
		}
		host.WriteString("</VirtualHost>\n")
		switch random.IntN(4) {
		case 0:
			server.Write(fmt.Sprintf("hosts/%d/h.conf", i), host.String())
			server.Write(fmt.Sprintf("hosts/%d/i.conf", i), fmt.Sprintf("\nInclude hosts/%d/sub\n", i))
			server.Write(fmt.Sprintf("hosts/%d/j.conf", i), "# nothing\n")
			server.Write(fmt.Sprintf("hosts/%d/sub/x.conf", i), "# nothing\n")
			fmt.Fprintf(&out, "Include hosts/%d/%s\n", i, pick("*.conf", "h.conf", "", "[hj].conf"))
		case 1:
			fmt.Fprintf(&out, "Use Host m%d.test %s\n", i, pick("80", "443", "*"))
		default:
			out.WriteString(host.String())
		}
	}
	return out.String()
}
