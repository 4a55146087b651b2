package templates

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/wsgictl/wsgictl/modwsgi"
)

// A Daemon declares one daemon process group.
type Daemon struct {
	Name    string          // of the group
	Release modwsgi.Release // of the mod_wsgi that will read the configuration

	// Settings are the daemon process options asked for by name, in any
	// order. They win over Defaults. Reasons are not needed.
	Settings modwsgi.Settings

	// Defaults are the values of options that Settings does not name; nil for
	// the recommended profile. With any of them, request-timeout and
	// socket-timeout follow from the other times.
	Defaults modwsgi.Settings

	// Locale is one that the host has, for lang and locale where Settings do
	// not name one; empty means C.UTF-8.
	Locale string

	// Recovery is how long all threads of a process may be stuck before the
	// process is replaced; 0 means modwsgi.DefaultRecovery.
	Recovery time.Duration
}

// daemonView is what daemon.conf.tmpl sees.
type daemonView struct {
	Daemon
	Group DaemonGroup
}

// Explained are the options that get a comment: the profile's and the
// timeouts.
func (v daemonView) Explained() []modwsgi.Setting {
	var explained []modwsgi.Setting
	for _, setting := range v.Group.Options {
		option, err := modwsgi.LookupDaemonOption(setting.Name, v.Release)
		if err == nil && (option.Recommended != "" || option.Kind == modwsgi.Seconds) && setting.Reason != "" {
			explained = append(explained, setting)
		}
	}
	return explained
}

// Render gives the declaration of the group, to stand at server level.
func (d Daemon) Render() (string, error) {
	group, err := d.Group()
	if err != nil {
		return "", err
	}
	text, err := execute("daemon.conf.tmpl", daemonView{d, group})
	if err != nil {
		return "", fmt.Errorf("daemon process group %s: %w", d.Name, err)
	}
	return text, nil
}

// Group gives the line that declares the group.
func (d Daemon) Group() (DaemonGroup, error) {
	options, err := d.Options()
	return DaemonGroup{Name: d.Name, Options: options}, err
}

// Options gives all options of the group, those asked for and the defaults, in
// the order of the option table, each with the reason for its value.
func (d Daemon) Options() ([]modwsgi.Setting, error) {
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("daemon process group %s: %w", d.Name, err)
	}
	defaults, err := d.defaults()
	if err != nil {
		return nil, fmt.Errorf("daemon process group %s: %w", d.Name, err)
	}
	var options []modwsgi.Setting
	for _, option := range modwsgi.DaemonOptions(d.Release) {
		setting, found := defaults.Find(option.Name)
		if asked, ok := d.Settings.Find(option.Name); ok {
			setting = modwsgi.Setting{Name: option.Name, Value: asked.Value, Reason: option.Reason}
			if option.Name == "request-timeout" {
				setting.Reason += ": " + d.requestTimeout(asked.Value).String()
			}
		} else if !found {
			continue
		}
		options = append(options, setting)
	}
	if d.Defaults == nil {
		options = slices.DeleteFunc(options, isSingleProcess)
	}
	return options, nil
}

// isSingleProcess tells processes=1, which is left out beside the profile: one
// process is what there is without it, and naming it makes wsgi.multiprocess
// true.
func isSingleProcess(s modwsgi.Setting) bool { return s.Name == "processes" && s.Value == "1" }

// defaults are those of the group, or the recommended profile, with what the
// host and other options decide.
func (d Daemon) defaults() (modwsgi.Settings, error) {
	timeouts := d.Timeouts()
	defaults := slices.Clone(d.Defaults)
	if d.Defaults == nil {
		profile, err := modwsgi.Recommended(d.Release, d.number("threads"), timeouts.Recovery)
		if err != nil {
			return nil, err
		}
		defaults = profile
	} else {
		defaults = append(defaults, modwsgi.Setting{Name: "request-timeout", Value: strconv.Itoa(d.RequestTimeout().Value)})
	}
	for i, setting := range defaults {
		switch {
		case setting.Name == "socket-timeout":
			defaults[i].Value = strconv.Itoa(timeouts.Socket)
		case d.Locale != "" && (setting.Name == "lang" || setting.Name == "locale"):
			defaults[i].Value = d.Locale
		}
	}
	return defaults, nil
}

// RequestTimeout is the request-timeout of the group, with what it comes to.
func (d Daemon) RequestTimeout() modwsgi.RequestTimeout {
	if asked, found := d.Settings.Find("request-timeout"); found {
		return d.requestTimeout(asked.Value)
	}
	return modwsgi.RequestTimeoutFor(d.Release, max(1, d.number("threads")), d.Timeouts().Recovery)
}

func (d Daemon) requestTimeout(value string) modwsgi.RequestTimeout {
	seconds, _ := strconv.Atoi(value) // checked before
	return modwsgi.RequestTimeout{Release: d.Release, Threads: d.number("threads"), Value: seconds}
}

// Capacity is the number of requests that the group works on at a time.
func (d Daemon) Capacity() int { return max(1, d.number("processes")) * d.number("threads") }

// Queue is the number of requests that wait until one of them is done.
func (d Daemon) Queue() int { return d.number("listen-backlog") }

// Waiting is how many threads of Apache the group can hold: one for each
// request that it works on or that is in its queue.
func (d Daemon) Waiting() int { return d.Capacity() + d.Queue() }

// number gives a count among the options: the one asked for, else the default;
// 0 where there is none.
func (d Daemon) number(name string) int {
	setting, found := d.Settings.Find(name)
	if !found {
		setting, _ = d.Defaults.Find(name)
	}
	if !found && d.Defaults == nil {
		option, err := modwsgi.LookupDaemonOption(name, modwsgi.Release{})
		if err != nil {
			panic(err) // only options of the profile are asked for
		}
		setting.Value = option.Recommended
	}
	n, _ := strconv.Atoi(setting.Value) // checked before
	return n
}

// check reports what Apache would refuse, and what it would accept without
// doing what was meant.
func (d Daemon) check() error {
	if d.Name == "" || strings.Contains(d.Name, "%{") {
		return fmt.Errorf("name %q: want a name of its own, without %%{…}", d.Name)
	}
	for _, asked := range d.Settings {
		option, err := modwsgi.LookupDaemonOption(asked.Name, d.Release)
		if err != nil {
			return err
		}
		if err := option.Check(asked.Value); err != nil {
			return err
		}
	}
	return d.checkTogether()
}

// checkTogether reports options that are good each on its own.
func (d Daemon) checkTogether() error {
	value := func(name string) string {
		setting, _ := d.Settings.Find(name)
		return setting.Value
	}
	switch {
	case d.Recovery < 0:
		return fmt.Errorf("recovery %v: want a time above 0", d.Recovery)
	case d.Recovery != 0 && value("request-timeout") != "":
		return fmt.Errorf("recovery and request-timeout: the second follows from the first; name only one")
	case value("threads") == "0":
		return fmt.Errorf("threads=0: want at least 1, for a group without threads serves no requests")
	case value("user") == "root" || value("user") == "#0":
		return fmt.Errorf("user=%s: mod_wsgi runs no application as root; name another account", value("user"))
	case value("script-user") != "" && value("script-group") != "":
		return fmt.Errorf("script-user and script-group: mod_wsgi takes only one of them")
	}
	return d.CheckTimeouts()
}
