package roll

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/wsgi"
)

// A Server is an Apache that runs, with what its configuration declares.
type Server struct {
	Process installed.Process // the parent process
	Groups  []Group

	folder string              // its server root
	sites  map[string][]string // names of groups by names of hosts, in lower case
}

// Find finds the Apache of a configuration, and proves that it is one: root signals no
// process that those name who are not trusted.
func Find(named installed.Named, trusted trust.Trustees) (Server, error) {
	config, err := named.Read()
	if err != nil {
		return Server{}, err
	}
	if err := trusted.Check(config.Files[0].Name); errors.As(err, new(*trust.Untrusted)) { // it says which processes are whose
		return Server{}, fmt.Errorf("read the configuration: %w%s", err, remedy(err))
	}
	instance := installed.Instance{ConfigFile: config.Files[0].Name, PIDFile: installed.PIDFile(config, "logs/httpd.pid"), Trusted: trusted}
	if named.Name == "" {
		apache, err := named.Server()
		if err != nil {
			return Server{}, err
		}
		instance.Program, instance.PIDFile = apache.Path, apache.PIDFile
	}
	process, err := instance.Process()
	if err != nil {
		return Server{}, fmt.Errorf("find the running Apache: %w%s", err, remedy(err))
	}
	view := wsgi.Look(config, modwsgi.Release{}, nil)
	return Server{process, Groups(view), config.ServerRoot, sitesOf(view)}, nil
}

func remedy(err error) string {
	if errors.As(err, new(*trust.Untrusted)) {
		return "; root signals no process that others name: run it as the account that the server belongs to, or name that with --trust"
	}
	return "; start it first: it loads what there is now"
}

// sitesOf are the groups in which the applications of hosts run.
func sitesOf(view *wsgi.View) map[string][]string {
	sites := map[string][]string{}
	for _, a := range view.Applications {
		if a.Daemon == nil || a.Server == nil {
			continue
		}
		for _, host := range append([]string{a.Server.Name}, a.Server.Aliases...) {
			host = strings.ToLower(host)
			if host != "" && !slices.Contains(sites[host], a.Daemon.Name) {
				sites[host] = append(sites[host], a.Daemon.Name)
			}
		}
	}
	return sites
}

// Named are the groups that names are about, each of which is a group's or a host's; all
// where there are no names.
func (s Server) Named(names ...string) ([]Group, error) {
	if len(names) == 0 {
		if len(s.Groups) == 0 {
			return nil, errors.New("the configuration declares no daemon process group: applications in embedded mode are loaded anew when Apache is reloaded")
		}
		return s.Groups, nil
	}
	wanted := map[string]bool{}
	for _, name := range names {
		switch groups := s.sites[strings.ToLower(name)]; {
		case slices.ContainsFunc(s.Groups, func(g Group) bool { return g.Name == name }):
			wanted[name] = true
		case len(groups) > 0:
			for _, group := range groups {
				wanted[group] = true
			}
		default:
			return nil, fmt.Errorf("%s: no daemon process group has this name, and no host whose application runs in one; there are the groups %s", name, s.groupNames())
		}
	}
	return slices.DeleteFunc(slices.Clone(s.Groups), func(g Group) bool { return !wanted[g.Name] }), nil
}

func (s Server) groupNames() string {
	const most = 10
	var names []string
	for _, g := range s.Groups {
		names = append(names, g.Name)
	}
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}

// Lock keeps other commands of wsgictl from changing the server, or its processes, until
// unlock. Release is that of wsgictl; waiting is told who has the lock.
func (s Server) Lock(ctx context.Context, release string, waiting func(holder string)) (unlock func(), err error) {
	places := store.Places(s.folder)
	i := slices.IndexFunc(places, store.CanHold)
	if i < 0 {
		return nil, fmt.Errorf("lock %s: this account can write to none of %s", s.folder, strings.Join(places, ", "))
	}
	opened, err := store.Open(places[i], store.Options{Trusted: trust.RootAndCaller(), Release: release})
	if err != nil {
		return nil, err
	}
	return opened.Lock(ctx, waiting)
}
