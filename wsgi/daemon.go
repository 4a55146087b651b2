package wsgi

import (
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// Daemon is one WSGIDaemonProcess: a daemon process group.
type Daemon struct {
	*conf.Directive
	Name    string // of the group
	Server  *conf.Server
	Options conf.RawOptions
}

func newDaemon(d *conf.Directive, s *conf.Server) *Daemon {
	words, options, _ := conf.SplitRaw(d.Args, 1)
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

// defaultThreads is what WSGIDaemonProcess takes without threads=.
const defaultThreads = 15

// Threads are the threads of each process of the group.
func (d *Daemon) Threads() int {
	if n, ok := d.Number("threads"); ok && n != UnknownNumber {
		return n
	}
	return defaultThreads
}

// Number is the value of an option as mod_wsgi reads it. It is UnknownNumber where
// the value is not known.
func (d *Daemon) Number(name string) (n int, ok bool) {
	text, ok := d.Options.Get(name)
	if !ok {
		return 0, false
	}
	if conf.HasMark(text) {
		return UnknownNumber, true
	}
	option, err := modwsgi.LookupDaemonOption(name, modwsgi.Release{})
	if err != nil {
		return 0, false
	}
	return option.Number(text), true
}

// UnknownNumber is none that means anything to mod_wsgi.
const UnknownNumber = -1

// IsService tells a group without threads, which serves no requests: it runs
// what WSGIImportScript loads.
func (d *Daemon) IsService() bool { return d.Threads() == 0 }
