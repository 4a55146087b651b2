package express

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/templates"
)

// daemons are the daemon processes of a server.
type daemons struct {
	declared templates.Daemon        // of the application; in daemon mode only, as the next two
	app      templates.DaemonGroup   // its line
	comment  string                  // about the one value that is not the number asked for
	services []templates.Service     // those that log as the server does
	hosts    []templates.VirtualHost // of those that have a log of their own
}

// settleDaemons refuses values and options that the mod_wsgi in use does not take.
func settleDaemons(command Command, at addresses, release modwsgi.Release, c conduct, shared map[string]string, uid int) (daemons, error) {
	var d daemons
	ofServices := maps.Clone(shared)
	if command.ServerMetrics {
		ofServices["server-metrics"] = "On"
	}
	for _, service := range c.services {
		daemon, err := service.daemon(release, ofServices)
		if err != nil {
			return d, err
		}
		if service.log == "" {
			d.services = append(d.services, daemon)
		} else {
			d.hosts = append(d.hosts, service.host(at.port, daemon))
		}
	}
	if command.mode() != templates.DaemonMode {
		return d, nil
	}
	if err := checkDaemonRelease(command.Given, release); err != nil {
		return d, err
	}
	ofApp := maps.Clone(shared)
	ofApp["display-name"] = displayName(command.ProcessGroup, at, uid)
	ofApp["socket-timeout"] = strconv.Itoa(c.timeouts.socket)
	d.declared = daemonOf(command, daemonName(command.ProcessGroup, at), release, c.timeouts, ofApp)
	if c.timeouts.request != 0 {
		d.comment = fmt.Sprintf("request-timeout %s.", d.declared.RequestTimeout())
	}
	app, err := d.declared.Group()
	d.app = app
	return d, err
}

// daemonOf is the daemon process group of the application: what was asked for, and
// these settings and mod_wsgi-express's defaults for all else.
func daemonOf(command Command, name string, release modwsgi.Release, t timeouts, settings map[string]string) templates.Daemon {
	daemon := askedDaemon(command)
	daemon.Name, daemon.Release = name, release
	for name, value := range settings {
		if value != "" && !slices.ContainsFunc(daemon.Settings, func(s modwsgi.Setting) bool { return s.Name == name }) {
			daemon.Settings = append(daemon.Settings, modwsgi.Setting{Name: name, Value: value})
		}
	}
	if t.request != 0 {
		daemon.Recovery = time.Duration(t.request) * time.Second
	}
	return daemon
}

// askedDaemon has the options of the group that were named, as they were named.
func askedDaemon(command Command) templates.Daemon {
	daemon := templates.Daemon{Defaults: daemonDefaults(), Settings: slices.Clone(command.Daemon)}
	for _, row := range Table() {
		if row.Daemon != "" && !row.isOfDaemon() && command.Given[row.Name] {
			if value := row.daemonValue(command.Options); value != "" {
				daemon.Settings = append(daemon.Settings, modwsgi.Setting{Name: row.Daemon, Value: value})
			}
		}
	}
	switch {
	case command.Given["request-timeout"] && command.RequestTimeout == 0:
		daemon.Settings = append(daemon.Settings, modwsgi.Setting{Name: "request-timeout", Value: "0"})
	case command.Given["request-timeout"]:
		daemon.Recovery = time.Duration(command.RequestTimeout) * time.Second
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

// checkDaemonRelease refuses options of the group that the mod_wsgi in use does not
// know.
func checkDaemonRelease(given map[string]bool, release modwsgi.Release) error {
	for _, row := range Table() {
		if row.Daemon == "" || !given[row.Name] {
			continue
		}
		if _, err := modwsgi.LookupDaemonOption(row.Daemon, release); err != nil {
			return fmt.Errorf("--%s: %w", row.Name, err)
		}
	}
	return nil
}

// daemonName is the name of the daemon process group.
func daemonName(named string, at addresses) string {
	if named != "" {
		return named
	}
	return fmt.Sprintf("%s:%d", at.name(), at.port)
}

// displayName is what ps shows for the application's processes.
func displayName(named string, at addresses, uid int) string {
	if named != "" {
		return fmt.Sprintf("(wsgi:%s)", named)
	}
	return fmt.Sprintf("(wsgi:%s:%d:%d)", at.name(), at.port, uid)
}

// daemonValue is the value of an option as WSGIDaemonProcess takes it; empty for
// one that asks for nothing.
func (o Option) daemonValue(options Options) string {
	value := reflect.ValueOf(options).FieldByIndex(o.index).Interface()
	switch {
	case o.Name == "processes" && value == 0:
		return "" // one process, which naming it would make wsgi.multiprocess true
	case value == true:
		return "On"
	case value == false:
		return ""
	}
	return fmt.Sprint(value)
}

// daemonSettings are those of each daemon process, of the application and of services.
func daemonSettings(place workplace, locale, eggs string) map[string]string {
	return map[string]string{
		"home":        place.dir,
		"lang":        locale,
		"locale":      locale,
		"python-path": strings.Join(place.paths, ":"),
		"python-eggs": eggs,
	}
}
