package audit

import "github.com/wsgictl/wsgictl/httpd/conf"

// Daemon is one WSGIDaemonProcess: a daemon process group.
type Daemon struct {
	*conf.Directive
	Name    string // of the group
	Server  *conf.Server
	Options Options
}

func newDaemon(d *conf.Directive, s *conf.Server) *Daemon {
	words, options, _ := splitOptions(d.Args, 1)
	if len(words) == 0 {
		return &Daemon{Directive: d, Server: s}
	}
	return &Daemon{Directive: d, Name: words[0], Server: s, Options: options}
}

// ServesFrom tells whether a request to server may be handed to the group: one
// declared in a virtual host serves that host and those with the very same
// ServerName; case counts, ports and aliases do not (wsgi_execute_remote).
func (d *Daemon) ServesFrom(s *conf.Server) bool {
	return d.Server == s || !d.Server.IsVirtual() || d.Server.Name == s.Name
}
