package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/templates"
)

type renderCommand struct {
	Daemon renderDaemonCommand `cmd:"" help:"Print the declaration of a daemon process group, and how to use it."`
	Site   renderSiteCommand   `cmd:"" help:"Print the virtual host of an application, and its daemon process group."`
}

func newRenderCommand() renderCommand {
	return renderCommand{
		Daemon: renderDaemonCommand{DaemonFlags: newDaemonFlags()},
		Site:   renderSiteCommand{DaemonFlags: newDaemonFlags()},
	}
}

// renderFlags are common to all that is rendered.
type renderFlags struct {
	Venv    string `placeholder:"DIR" help:"The virtualenv (default: VIRTUAL_ENV, ./.venv, ./venv)."`
	ModWSGI string `name:"mod-wsgi" placeholder:"VERSION" help:"The mod_wsgi release to write for (default: the virtualenv's, else the newest)."`
	Host    string `placeholder:"FILE" help:"Facts of another machine, as \"wsgictl detect --json\" printed them there."`
	Bare    bool   `help:"Leave the comments out."`
}

// facts gives the host to render for: the one recorded, else this one.
func (f renderFlags) facts(ctx context.Context) (detect.Host, error) {
	if f.Host == "" {
		return detect.Detect(ctx, detect.Request{Venv: f.Venv})
	}
	text, err := os.ReadFile(f.Host)
	if err != nil {
		return detect.Host{}, usageError{fmt.Errorf("read host facts: %w", err)}
	}
	var host detect.Host
	if err := json.Unmarshal(text, &host); err != nil {
		return detect.Host{}, usageError{fmt.Errorf("read host facts %s: %w", f.Host, err)}
	}
	return host, nil
}

// release gives the mod_wsgi release to write for.
func (f renderFlags) release(host detect.Host) (modwsgi.Release, error) {
	if f.ModWSGI != "" {
		release, err := modwsgi.ParseRelease(f.ModWSGI)
		if err != nil {
			return modwsgi.Release{}, usageError{err}
		}
		return release, nil
	}
	if host.Virtualenv != nil {
		for _, module := range host.Modules {
			if module.Release != "" && strings.HasPrefix(module.Path, host.Virtualenv.Path+string(filepath.Separator)) {
				return modwsgi.ParseRelease(module.Release)
			}
		}
	}
	return modwsgi.Newest, nil
}

// daemon puts together a daemon process group from the flags and the host.
func (f renderFlags) daemon(name string, flags kong.Plugins, host detect.Host) (templates.Daemon, error) {
	release, err := f.release(host)
	if err != nil {
		return templates.Daemon{}, err
	}
	settings := daemonSettings(flags)
	if !asked(settings, "python-home") && host.Virtualenv != nil {
		settings = append(settings, modwsgi.Setting{Name: "python-home", Value: host.Virtualenv.Path})
	}
	if asked(settings, "user") && !asked(settings, "group") {
		user := settings[slices.IndexFunc(settings, named("user"))].Value
		settings = append(settings, modwsgi.Setting{Name: "group", Value: user})
	}
	return templates.Daemon{Name: name, Release: release, Settings: settings, Locale: utf8Locale(host.System.Locales)}, nil
}

func asked(settings []modwsgi.Setting, name string) bool {
	return slices.ContainsFunc(settings, named(name))
}

func named(name string) func(modwsgi.Setting) bool {
	return func(s modwsgi.Setting) bool { return s.Name == name }
}

// utf8Locale chooses the locale for daemons among those installed, which
// "locale -a" spells C.utf8 and en_US.utf8; empty when neither is there.
func utf8Locale(installed []string) string {
	for _, wanted := range []string{"C.UTF-8", "en_US.UTF-8"} {
		if slices.ContainsFunc(installed, func(name string) bool {
			return strings.EqualFold(strings.ReplaceAll(name, "utf8", "UTF-8"), wanted)
		}) {
			return wanted
		}
	}
	return ""
}

// print writes rendered parts to stdout, one after another.
func (f renderFlags) print(s *streams, parts ...string) error {
	text := strings.Join(parts, "\n")
	if f.Bare {
		text = templates.Bare(text)
	}
	_, err := fmt.Fprint(s.stdout, text)
	return err
}

// urlAliases reads "--url-alias URL PATH": a flag of two words, which may be
// given again.
var urlAliases = kong.TypeMapper(reflect.TypeFor[[]templates.URLAlias](), kong.MapperFunc(
	func(ctx *kong.DecodeContext, target reflect.Value) error {
		var alias templates.URLAlias
		if err := ctx.Scan.PopValueInto("URL", &alias.URL); err != nil {
			return err
		}
		if err := ctx.Scan.PopValueInto("PATH", &alias.Path); err != nil {
			return err
		}
		target.Set(reflect.Append(target, reflect.ValueOf(alias)))
		return nil
	}))
