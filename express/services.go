package express

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/templates"
)

// serviceHosts takes the services with a log of their own off the list.
func (p *planner) serviceHosts(services *[]templates.Service) []templates.VirtualHost {
	logs := pairs(p.command.ServiceLogFiles)
	var hosts []templates.VirtualHost
	var others []templates.Service
	for _, service := range *services {
		file := logs[strings.TrimPrefix(service.Name, "service:")]
		if file == "" {
			others = append(others, service)
			continue
		}
		hosts = append(hosts, templates.VirtualHost{
			Port: p.command.Port, Comment: "Not for requests: gives a service a log of its own.",
			ServerName: strings.Replace(service.Name, ":", "-", 1) + ".invalid", Logs: templates.LogFiles{Errors: p.logTarget(file)}, Services: []templates.Service{service},
		})
	}
	*services = others
	return hosts
}

// services are the Python scripts with a daemon process of their own.
func (p *planner) services() ([]templates.Service, error) {
	users, groups := pairs(p.command.ServiceUsers), pairs(p.command.ServiceGroups)
	var services []templates.Service
	known := map[string]bool{}
	for _, pair := range p.command.ServiceScripts {
		name, script := pair[0], p.caller.abs(pair[1])
		known[name] = true
		if account, err := lookupUser(users[name]); err == nil && account.Uid == "0" {
			return nil, fmt.Errorf("--service-user %s %s: no service runs as root; name another account", name, users[name])
		}
		values := p.commonDaemonValues()
		values["display-name"], values["threads"] = "%{GROUP}", "0"
		values["user"], values["group"] = users[name], groups[name]
		if p.command.ServerMetrics {
			values["server-metrics"] = "On"
		}
		group, err := templates.NewDaemonGroup("service:"+name, p.software.release, values)
		if err != nil {
			return nil, fmt.Errorf("--service-script %s: %w", name, err)
		}
		services = append(services, templates.Service{DaemonGroup: group, Script: script})
	}
	for option, named := range map[string][][2]string{
		"service-user": p.command.ServiceUsers, "service-group": p.command.ServiceGroups, "service-log-file": p.command.ServiceLogFiles,
	} {
		for _, pair := range named {
			if !known[pair[0]] {
				return nil, fmt.Errorf("--%s %s: there is no --service-script %s", option, pair[0], pair[0])
			}
		}
	}
	return services, nil
}

func pairs(list [][2]string) map[string]string {
	m := map[string]string{}
	for _, pair := range list {
		m[pair[0]] = pair[1]
	}
	return m
}
