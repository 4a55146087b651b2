package templates

import (
	"github.com/wsgictl/wsgictl/modwsgi"
)

// A DaemonGroup is one WSGIDaemonProcess line, as [Daemon.Group] or
// [NewDaemonGroup] make it.
type DaemonGroup struct {
	Name    string
	Options []modwsgi.Setting // in the order in which they are written
}

// NewDaemonGroup is a group with just these settings, in any order, and no
// defaults, such as that of a script that serves no requests. An empty value
// asks for nothing. Options that the release does not know are left out; a value
// that mod_wsgi does not take is a [modwsgi.ValueError].
func NewDaemonGroup(name string, release modwsgi.Release, settings map[string]string) (DaemonGroup, error) {
	group := DaemonGroup{Name: name}
	for _, option := range modwsgi.DaemonOptions(release) {
		value := settings[option.Name]
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
