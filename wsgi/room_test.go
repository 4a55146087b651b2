package wsgi_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/wsgi"
)

// multiplying are texts of which each two make entry points together, with how many
// servers have too many of them where there are 2,000.
var multiplying = map[string]struct {
	text    string
	servers int
}{
	"aliases that hosts inherit":    {"WSGIScriptAlias /app# /srv/#.wsgi\n<VirtualHost *:80>\nServerName s#.example\n</VirtualHost>\n", 2_000},
	"handlers that hosts inherit":   {"<Location /app#>\nSetHandler wsgi-script\n</Location>\n<VirtualHost *:80>\nServerName s#.example\n</VirtualHost>\n", 2_000},
	"sections for parts of hosts":   {"<Location /part#>\nWSGIProcessGroup shop\n</Location>\n<VirtualHost *:80>\nServerName s#.example\nWSGIScriptAlias / /srv/#.wsgi\n</VirtualHost>\n", 2_000},
	"sections for parts of aliases": {"WSGIScriptAlias /app# /srv/apps/\n<Directory /srv/apps/part#>\nWSGIProcessGroup shop\n</Directory>\n", 1},
}

// TestEntryPointsThatMultiplyAreBounded has each text 50 and 2,000 times: the first
// are all told apart, of the second each server tells by one entry that there are more.
func TestEntryPointsThatMultiplyAreBounded(t *testing.T) {
	t.Parallel()
	for name, c := range multiplying {
		few := dynamicEntries(lookAtMany(c.text, 50))
		if len(few) != 0 {
			t.Errorf("%s: of 50, %d servers have more than they tell apart", name, len(few))
		}
		many := lookAtMany(c.text, 2_000)
		if len(many.Applications) > 100_000 {
			t.Errorf("%s: of 2,000 there are %d entries", name, len(many.Applications))
		}
		stands := dynamicEntries(many)
		if len(stands) != c.servers {
			t.Errorf("%s: of 2,000, %d servers tell that there are more, want %d", name, len(stands), c.servers)
		}
		for server, count := range stands {
			if count != 1 {
				t.Errorf("%s: %s has %d entries for those that it does not tell apart", name, server, count)
			}
		}
	}
}

func lookAtMany(text string, count int) *wsgi.View {
	var configuration strings.Builder
	configuration.WriteString("Listen 80\nServerName main.example\nWSGIDaemonProcess shop\n")
	for i := range count {
		configuration.WriteString(strings.ReplaceAll(text, "#", fmt.Sprint(i)))
	}
	config := conf.ReadSource("/etc/httpd.conf", configuration.String(), conf.Options{Modules: []conf.Module{wsgi.Module(modwsgi.Newest)}})
	return wsgi.Look(config, modwsgi.Newest, nil)
}

// dynamicEntries counts by server the entries that stand for others.
func dynamicEntries(v *wsgi.View) map[string]int {
	counts := map[string]int{}
	for _, a := range v.Applications {
		if a.Mode == wsgi.Dynamic && a.Reason == (wsgi.Undecided{Kind: wsgi.ManyEntries}) {
			counts[a.Server.Name]++
		}
	}
	return counts
}
