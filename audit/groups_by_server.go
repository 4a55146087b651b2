package audit

import "github.com/wsgictl/wsgictl/wsgi"

// groupsByServer are daemon process groups by the servers that they serve, as
// [wsgi.Daemon.ServesFrom] tells, so that not each group is held against each server.
type groupsByServer struct {
	ofAll  []*wsgi.Daemon            // declared in the main server
	ofHost map[string][]*wsgi.Daemon // by ServerName of the virtual host that declares them
}

func newGroupsByServer(groups []*wsgi.Daemon) groupsByServer {
	g := groupsByServer{ofHost: map[string][]*wsgi.Daemon{}}
	for _, group := range groups {
		if group.Server.IsVirtual() {
			g.ofHost[group.Server.Name] = append(g.ofHost[group.Server.Name], group)
		} else {
			g.ofAll = append(g.ofAll, group)
		}
	}
	return g
}

// only is the one group that serves a virtual host, or the main server, of that
// ServerName; nil for none and for several.
func (g groupsByServer) only(host string) *wsgi.Daemon {
	own := g.ofHost[host]
	switch {
	case len(g.ofAll) == 1 && len(own) == 0:
		return g.ofAll[0]
	case len(g.ofAll) == 0 && len(own) == 1:
		return own[0]
	}
	return nil
}
