package audit

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/wsgi"
)

// placeOfScript is a script, and the name of the servers that may use a group which runs
// it; none for a group of all servers.
type placeOfScript struct{ script, server string }

// findRunning are the applications that run in daemons: of each group the first one of a
// script.
func (f *facts) findRunning() map[placeOfScript][]*wsgi.Application {
	type pair struct {
		group  *wsgi.Daemon
		script string
	}
	running, seen := map[placeOfScript][]*wsgi.Application{}, map[pair]bool{}
	for _, a := range f.Applications {
		if a.Mode != wsgi.DaemonMode || a.Daemon.Unknown != nil || strings.Contains(a.Script, "*") || seen[pair{a.Daemon, a.Script}] {
			continue
		}
		seen[pair{a.Daemon, a.Script}] = true
		place := placeOfScript{script: a.Script}
		if a.Daemon.Server.IsVirtual() {
			place.server = a.Daemon.Server.Name
		}
		running[place] = append(running[place], a)
	}
	return running
}

// elsewhere is the application of the same script that runs in a group which this one
// may use, as on port 80 beside the copy that certbot makes; nil where there is none,
// or several groups run it.
func (x daemonFixer) elsewhere(a *wsgi.Application) (found *wsgi.Application) {
	places := []placeOfScript{{script: a.Script}}
	if a.Server.Name != "" {
		places = append(places, placeOfScript{a.Script, a.Server.Name})
	}
	for _, place := range places {
		for _, other := range x.running()[place] {
			if !other.Daemon.ServesFrom(a.Server) || other.Callable != a.Callable {
				continue
			}
			if found != nil {
				return nil
			}
			found = other
		}
	}
	return found
}

// joinElsewhere is the fix that names the group in which the same script runs already.
func (x daemonFixer) joinElsewhere(a, other *wsgi.Application) *Fix {
	name, err := conf.Argument(other.ProcessGroup)
	if err != nil {
		return nil
	}
	return &Fix{Description: fmt.Sprintf("run it in the process group %s, as the same script at %s", other.ProcessGroup, placeOf(other.Via, a.Via)), edits: func() []FileEdit {
		return []FileEdit{x.join(a, name, other.ApplicationGroup == "" && x.isDeclaredAbove(other.Daemon, a.Via))}
	}}
}

// helpElsewhere says so in words.
func helpElsewhere(a, other *wsgi.Application) string {
	write := "Write WSGIProcessGroup " + other.ProcessGroup + " beside it"
	if takesGroup(a.Via) {
		write = "Add process-group=" + other.ProcessGroup
	}
	return fmt.Sprintf("%s: that group (%s) runs the same script at %s.", write, at(other.Daemon.Directive, a.Via), placeOf(other.Via, a.Via))
}
