package audit

import (
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/wsgi"
)

// oldest is the release that a profile must suit where the release is not
// known: the one that long-lived distributions still ship.
var oldest = modwsgi.MustParseRelease("4.9.4")

// profiles are those that were asked for, by threads: rules and fixes do so side
// by side.
type profiles struct {
	mu        sync.Mutex
	byThreads map[int]profile
}

// profile are daemon process options, and the same as they stand in configuration.
type profile struct {
	settings []modwsgi.Setting
	words    []string
}

// profile are the recommended daemon process options for a group with so many
// threads, written for the view's release; where that is not known, those that
// all releases from 4.9.4 on understand.
func (f *facts) profile(threads int) profile {
	p := &f.profiles
	p.mu.Lock()
	defer p.mu.Unlock()
	known, ok := p.byThreads[threads]
	if !ok {
		settings := f.newProfile(threads)
		known = profile{settings, optionWords(settings)}
		if p.byThreads == nil {
			p.byThreads = map[int]profile{}
		}
		p.byThreads[threads] = known
	}
	return known
}

func (f *facts) newProfile(threads int) []modwsgi.Setting {
	release := f.Release
	if release.IsZero() {
		release = oldest
	}
	settings, err := modwsgi.Recommended(release, max(threads, 1), modwsgi.DefaultRecovery)
	if err != nil {
		return nil
	}
	locale := f.locale()
	for i, s := range settings {
		if locale != "" && (s.Name == "lang" || s.Name == "locale") {
			settings[i].Value = locale
		}
	}
	return settings
}

// locale is a UTF-8 locale that the host has; empty when that is not known.
func (f *facts) locale() string {
	if f.Host == nil {
		return ""
	}
	return f.Host.System.UTF8Locale()
}

// writeOptions writes options as they stand in configuration.
func writeOptions(settings []modwsgi.Setting) string { return strings.Join(optionWords(settings), " ") }

// optionWords writes each option. One whose value no quoting can carry is left
// out.
func optionWords(settings []modwsgi.Setting) []string {
	var words []string
	for _, s := range settings {
		if value, err := conf.Argument(s.Value); err == nil {
			words = append(words, s.Name+"="+value)
		}
	}
	return words
}

// firstAboveZero is the first of these options of a group that has a number
// above 0, or one that is not known; or "".
func firstAboveZero(group *wsgi.Daemon, names ...string) string {
	for _, name := range names {
		if n, _ := group.Number(name); n > 0 || n == wsgi.UnknownNumber {
			return name
		}
	}
	return ""
}
