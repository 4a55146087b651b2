package express

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/templates"
)

// daemon is the daemon process group of the application: what was asked for, and
// mod_wsgi-express's defaults for all else.
func (p *planner) daemon() templates.Daemon {
	daemon := p.askedDaemon()
	settings := p.commonDaemonValues()
	settings["display-name"] = p.displayName()
	settings["socket-timeout"] = strconv.Itoa(p.command.SocketTimeout)
	for name, value := range settings {
		if value != "" && !slices.ContainsFunc(daemon.Settings, func(s modwsgi.Setting) bool { return s.Name == name }) {
			daemon.Settings = append(daemon.Settings, modwsgi.Setting{Name: name, Value: value})
		}
	}
	if p.command.RequestTimeout != 0 {
		daemon.Recovery = time.Duration(p.command.RequestTimeout) * time.Second
	}
	return daemon
}

// askedDaemon has the options of the group that were named, as they were named.
func (p *planner) askedDaemon() templates.Daemon {
	daemon := templates.Daemon{Name: p.groupName(), Release: p.software.release, Defaults: daemonDefaults()}
	daemon.Settings = slices.Clone(p.command.Daemon)
	for _, row := range Table() {
		if row.Daemon != "" && !row.isOfDaemon() && p.command.Given[row.Name] {
			if value := p.optionText(row); value != "" {
				daemon.Settings = append(daemon.Settings, modwsgi.Setting{Name: row.Daemon, Value: value})
			}
		}
	}
	switch {
	case p.command.Given["request-timeout"] && p.command.RequestTimeout == 0:
		daemon.Settings = append(daemon.Settings, modwsgi.Setting{Name: "request-timeout", Value: "0"})
	case p.command.Given["request-timeout"]:
		daemon.Recovery = time.Duration(p.command.RequestTimeout) * time.Second
	}
	return daemon
}

// daemonDefaults are those of the options that set one of WSGIDaemonProcess; 0
// leaves it to mod_wsgi.
func daemonDefaults() []modwsgi.Setting {
	defaults := []modwsgi.Setting{}
	for _, row := range Table() {
		if row.Daemon != "" && row.Default != "" && row.Default != "0" {
			defaults = append(defaults, modwsgi.Setting{Name: row.Daemon, Value: row.Default})
		}
	}
	return defaults
}

// daemonGroup computes the WSGIDaemonProcess line of the application.
func (p *planner) daemonGroup() (templates.DaemonGroup, error) {
	for _, row := range Table() {
		if row.Daemon == "" || !p.command.Given[row.Name] {
			continue
		}
		if _, err := modwsgi.LookupDaemonOption(row.Daemon, p.software.release); err != nil {
			return templates.DaemonGroup{}, fmt.Errorf("--%s: %w", row.Name, err)
		}
	}
	return p.daemon().Group()
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

// optionText is the value of an option as WSGIDaemonProcess takes it; empty for
// one that asks for nothing.
func (p *planner) optionText(row Option) string {
	value := reflect.ValueOf(p.command.Options).FieldByIndex(row.index).Interface()
	switch {
	case row.Name == "processes" && value == 0:
		return "" // one process, which naming it would make wsgi.multiprocess true
	case value == true:
		return "On"
	case value == false:
		return ""
	}
	return fmt.Sprint(value)
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
