package audit

import (
	"testing"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/wsgi"
)

// groupsAndHosts has groups of the main server and of hosts, of which some have the
// same name and some none.
const groupsAndHosts = `
<VirtualHost *:80>
ServerName one.example
WSGIDaemonProcess one
</VirtualHost>
<VirtualHost *:443>
ServerName one.example
</VirtualHost>
<VirtualHost *:80>
ServerName two.example
WSGIDaemonProcess two
WSGIDaemonProcess three
</VirtualHost>
<VirtualHost *:80>
WSGIDaemonProcess unnamed
</VirtualHost>
<VirtualHost *:80>
ServerName none.example
</VirtualHost>
`

// TestOnlyGroupIsWhatPairsWouldFind holds the index against asking each group
// whether it serves each server.
func TestOnlyGroupIsWhatPairsWouldFind(t *testing.T) {
	t.Parallel()
	for _, main := range []string{"", "ServerName one.example\n", "WSGIDaemonProcess all\n", "WSGIDaemonProcess all\nWSGIDaemonProcess more\n"} {
		v := wsgi.Look(conf.ReadSource("t.conf", main+groupsAndHosts, conf.Options{Modules: []conf.Module{wsgi.Module(modwsgi.Newest)}}), modwsgi.Newest, nil)
		index := newGroupsByServer(v.Daemons)
		for _, s := range v.Config.Servers() {
			var serving []*wsgi.Daemon
			for _, group := range v.Daemons {
				if group.ServesFrom(s) {
					serving = append(serving, group)
				}
			}
			got := index.only(s.Name)
			if len(serving) == 1 && got != serving[0] || len(serving) != 1 && got != nil {
				t.Errorf("%qserver %q: %v, want the only one of %v", main, s.Name, got, serving)
			}
		}
	}
}
