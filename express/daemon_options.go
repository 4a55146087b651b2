package express

import (
	"errors"
	"fmt"
	"slices"

	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/templates"
)

// Decided is why start-server has no option for one of WSGIDaemonProcess: what
// decides on it, or why a server root has no use for it. It is empty for those
// that there are.
func Decided(option string) string {
	return map[string]string{
		"home":         "--working-directory",
		"python-home":  "--venv",
		"display-name": "--process-group",
		"chroot":       "the server root, the virtualenv and Python would have to be in it",
		"socket-user":  "Apache's children and the application have one account",
		"script-user":  "the script is handler.wsgi of the server root",
		"script-group": "as script-user",
	}[option]
}

// daemonRows are options for all that WSGIDaemonProcess takes and no other option
// sets, so that one of a new release needs nothing here.
func daemonRows(table []Option) []Option {
	var more []Option
	for _, option := range modwsgi.DaemonOptions(modwsgi.Newest) {
		known := slices.ContainsFunc(table, func(o Option) bool { return o.Name == option.Name || o.Daemon == option.Name })
		if known || Decided(option.Name) != "" {
			continue
		}
		more = append(more, Option{
			Name: option.Name, Group: "Processes", Values: []string{option.Kind.Placeholder()}, Daemon: option.Name, Own: true,
			Help: option.Sentence() + " (daemon mode only).",
		})
	}
	return more
}

// isOfDaemon tells an option that stands in no field of Options.
func (o Option) isOfDaemon() bool { return o.index == nil }

// setDaemon stores one use of such an option; the last wins.
func (c *Command) setDaemon(o Option, value string) {
	c.Daemon = slices.DeleteFunc(c.Daemon, func(s modwsgi.Setting) bool { return s.Name == o.Daemon })
	c.Daemon = append(c.Daemon, modwsgi.Setting{Name: o.Daemon, Value: value})
}

// checkDaemonOptions refuses options of the application's own processes where
// there are none, or that the caller cannot give them.
func checkDaemonOptions(asked []modwsgi.Setting, mode templates.Mode, who identity) error {
	for _, setting := range asked {
		switch {
		case mode != templates.DaemonMode:
			return fmt.Errorf("--%s is about the application's own processes, which %s mode does not have; leave one out", setting.Name, mode)
		case setting.Name == "supplementary-groups" && !who.isRoot():
			return errors.New("--supplementary-groups: only root can give groups to a process; have root start the server, with --user")
		}
	}
	return nil
}
