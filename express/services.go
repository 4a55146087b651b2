package express

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/templates"
)

// A service is a Python script with a daemon process of its own.
type service struct {
	name, script string
	user, group  string // empty for those of the application
	log          string // a file of its own, or a program; empty for the server's
}

// settleServices are those that were asked for. It refuses settings of others, and one
// that would run as root.
func settleServices(o Services, logs logging, who identity) ([]service, error) {
	users, groups, files := pairs(o.ServiceUsers), pairs(o.ServiceGroups), pairs(o.ServiceLogFiles)
	var services []service
	for _, pair := range o.ServiceScripts {
		s := service{name: pair[0], script: who.abs(pair[1]), user: users[pair[0]], group: groups[pair[0]]}
		if account, err := lookupUser(s.user); err == nil && account.Uid == "0" {
			return nil, fmt.Errorf("--service-user %s %s: no service runs as root; name another account", s.name, s.user)
		}
		if file := files[s.name]; file != "" {
			s.log = logs.target(file)
		}
		services = append(services, s)
	}
	for option, named := range map[string][][2]string{
		"service-user": o.ServiceUsers, "service-group": o.ServiceGroups, "service-log-file": o.ServiceLogFiles,
	} {
		for _, pair := range named {
			if !slices.ContainsFunc(services, func(s service) bool { return s.name == pair[0] }) {
				return nil, fmt.Errorf("--%s %s: there is no --service-script %s", option, pair[0], pair[0])
			}
		}
	}
	return services, nil
}

// daemon is the service with its daemon process group, which has these settings of all
// groups beside its own.
func (s service) daemon(release modwsgi.Release, shared map[string]string) (templates.Service, error) {
	settings := maps.Clone(shared)
	settings["display-name"], settings["threads"] = "%{GROUP}", "0"
	settings["user"], settings["group"] = s.user, s.group
	group, err := templates.NewDaemonGroup("service:"+s.name, release, settings)
	if err != nil {
		return templates.Service{}, fmt.Errorf("--service-script %s: %w", s.name, err)
	}
	return templates.Service{DaemonGroup: group, Script: s.script}, nil
}

// host is the virtual host that gives a service its log.
func (s service) host(port int, daemon templates.Service) templates.VirtualHost {
	return templates.VirtualHost{
		Port: port, Comment: "Not for requests: gives a service a log of its own.",
		ServerName: strings.Replace(daemon.Name, ":", "-", 1) + ".invalid", Logs: templates.LogFiles{Errors: s.log}, Services: []templates.Service{daemon},
	}
}

func pairs(list [][2]string) map[string]string {
	m := map[string]string{}
	for _, pair := range list {
		m[pair[0]] = pair[1]
	}
	return m
}
