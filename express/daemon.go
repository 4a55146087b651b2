package express

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/templates"
)

// daemonGroup computes the WSGIDaemonProcess line of the application.
func (p *planner) daemonGroup() (templates.DaemonGroup, error) {
	group := templates.DaemonGroup{Name: p.groupName()}
	values, err := p.daemonValues()
	if err != nil {
		return group, err
	}
	for _, option := range modwsgi.DaemonOptions(p.software.release) {
		value := values[option.Name]
		if value == "" {
			continue
		}
		if err := option.Check(value); err != nil {
			return group, err
		}
		group.Options = append(group.Options, modwsgi.Setting{Name: option.Name, Value: value})
	}
	return group, nil
}

// groupName is the name of the daemon process group.
func (p *planner) groupName() string {
	if p.command.ProcessGroup != "" {
		return p.command.ProcessGroup
	}
	return fmt.Sprintf("%s:%d", p.host(), p.command.Port)
}

// displayName is what ps shows for the application's processes.
func (p *planner) displayName() string {
	if p.command.ProcessGroup != "" {
		return fmt.Sprintf("(wsgi:%s)", p.command.ProcessGroup)
	}
	return fmt.Sprintf("(wsgi:%s:%d:%d)", p.host(), p.command.Port, p.caller.UID)
}

// daemonValues gives the options of the group by name: those that the table of
// options maps to one, and those that are computed. What is off, and off
// without being named too, is left out.
func (p *planner) daemonValues() (map[string]string, error) {
	values := p.commonDaemonValues()
	values["display-name"] = p.displayName()
	for _, row := range Table() {
		if row.Daemon == "" {
			continue
		}
		option, err := modwsgi.LookupDaemonOption(row.Daemon, p.software.release)
		if err != nil {
			if p.command.Given[row.Name] {
				return nil, fmt.Errorf("--%s: %w", row.Name, err)
			}
			continue
		}
		value := p.optionText(row)
		if value != "0" && value != "" || strings.TrimLeft(option.Default, "0, ") == option.Default && value == "0" {
			values[row.Daemon] = value
		}
	}
	return values, nil
}

// optionText is the value of an option as WSGIDaemonProcess takes it.
func (p *planner) optionText(row Option) string {
	field := reflect.ValueOf(p.command.Options).FieldByIndex(row.index)
	if field.Kind() == reflect.Pointer {
		if field.IsNil() {
			return ""
		}
		field = field.Elem()
	}
	switch {
	case row.Name == "request-timeout" && p.command.RequestTimeout > 0:
		return strconv.Itoa(p.requestTimeout().Value)
	case row.Name == "processes" && p.command.Processes == 0:
		return "" // naming it makes wsgi.multiprocess true
	case row.Kind == reflect.Bool && field.Bool():
		return "On"
	case row.Kind == reflect.Bool:
		return ""
	case row.Kind == reflect.Float64:
		return strconv.FormatFloat(field.Float(), 'f', -1, 64)
	}
	return fmt.Sprint(field.Interface())
}

// requestTimeout is the value with which mod_wsgi replaces a process when all
// its requests were stuck for the time asked for; which is not that number.
func (p *planner) requestTimeout() modwsgi.RequestTimeout {
	asked := time.Duration(p.command.RequestTimeout) * time.Second
	return modwsgi.RequestTimeoutFor(p.software.release, max(1, p.command.Threads), asked)
}

// commonDaemonValues are those that services have too.
func (p *planner) commonDaemonValues() map[string]string {
	return map[string]string{
		"home":        p.workingDir,
		"lang":        p.locale,
		"locale":      p.locale,
		"python-path": strings.Join(p.pythonPaths(), ":"),
		"python-eggs": p.eggs,
	}
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
		service := templates.Service{Script: script}
		service.Name = "service:" + name
		for _, option := range modwsgi.DaemonOptions(p.software.release) {
			if value := values[option.Name]; value != "" {
				service.Options = append(service.Options, modwsgi.Setting{Name: option.Name, Value: value})
			}
		}
		services = append(services, service)
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
