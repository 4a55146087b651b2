package system

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/wsgi"
)

// RefusesEmbedded says which applications of others the plan forbids embedded mode
// to: WSGIRestrictEmbedded is for the whole server. It is empty where it forbids
// nothing that was allowed before.
func (s *Stage) RefusesEmbedded() string {
	embedded := map[string]bool{}
	for _, a := range s.before.Applications {
		embedded[identity(a)] = a.Mode == wsgi.Embedded
	}
	var refused []string
	for _, a := range s.after.Applications {
		pos := a.Via.Pos()
		if a.IsEmbeddedRefused() && embedded[identity(a)] && !wholly(s.plan.Next.Managed, pos.File) {
			refused = append(refused, fmt.Sprintf("%s (%s:%d)", a.Name(), pos.File, pos.Line))
		}
	}
	if len(refused) == 0 {
		return ""
	}
	return fmt.Sprintf("WSGIRestrictEmbedded On is for the whole server, and answers with 500 for what runs embedded now: %s; give each a daemon process group first (wsgictl audit shows how)",
		strings.Join(refused, ", "))
}

// identity tells an application from others before a plan and after it.
func identity(a *wsgi.Application) string { return a.Via.Pos().String() + " " + a.Name() }
