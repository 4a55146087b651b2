package wsgi_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/wsgi"
	"github.com/wsgictl/wsgictl/wsgi/wsgitest"
)

// listed holds the inventory of a batch against what its server did.
type listed struct {
	byServer map[*conf.Server][]*wsgi.Application
	dynamic  int // entries of the inventory
	answers  int // of applications, that were held against it
	open     int // of these, those for which only entries that the request decides on speak
}

func newListed(view *wsgi.View) *listed {
	l := &listed{byServer: map[*conf.Server][]*wsgi.Application{}}
	for _, a := range view.Inventory() {
		l.byServer[a.Server] = append(l.byServer[a.Server], a)
		if a.Mode == wsgi.Dynamic {
			l.dynamic++
		}
	}
	return l
}

// missing tells which entry the inventory should have and does not for an answer that
// the server gave: "" for none.
func (l *listed) missing(answer wsgi.Answer, s wsgitest.Seen) string {
	a := answer.Application
	if a == nil || isOfHtaccess(a) || s.Body == nil && a.Mode != wsgi.Refused {
		return ""
	}
	l.answers++
	if s.Body != nil && s.Body[0] == "" && l.allDaemon(answer.Server) {
		return "the verdict is that all runs in daemon mode, and it ran embedded"
	}
	if a.Mode == wsgi.Dynamic { // so that it is not known which entry it should be
		return ""
	}
	agrees, isOpen := l.has(answer.Server, a)
	if !agrees && isOpen {
		l.open++
	}
	if agrees || isOpen {
		return ""
	}
	return fmt.Sprintf("no entry for %s at %s, which is %s %s %q", a.Script, a.Via.Pos(), a.Mode, a.Error, a.ProcessGroup)
}

func (l *listed) allDaemon(server *conf.Server) bool {
	return !slices.ContainsFunc(l.byServer[server], func(a *wsgi.Application) bool { return a.Mode != wsgi.DaemonMode })
}

// has tells whether an entry of the same application says the same, or leaves it to the
// request.
func (l *listed) has(server *conf.Server, a *wsgi.Application) (agrees, isOpen bool) {
	for _, entry := range l.byServer[server] {
		if entry.Via != a.Via {
			continue
		}
		agrees = agrees || entry.Mode == a.Mode && entry.Error == a.Error && (entry.ProcessGroup == a.ProcessGroup || a.Mode == wsgi.Refused)
		isOpen = isOpen || entry.Mode == wsgi.Dynamic
	}
	return agrees, isOpen
}

// isOfHtaccess tells an application that a .htaccess file leads to, or says the group of:
// the inventory is of the configuration alone.
func isOfHtaccess(a *wsgi.Application) bool {
	for _, d := range []*conf.Directive{a.Via, a.Handler, a.DecidedBy} {
		if d != nil && filepath.Base(d.Source.File.Name) == ".htaccess" {
			return true
		}
	}
	return false
}

func (l *listed) log(t *testing.T, label string) {
	t.Logf("%s: of %d answers %d have dynamic entries alone; %d entries are dynamic", label, l.answers, l.open, l.dynamic)
}
