package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/wsgi"
)

// auditFlags choose what an audit tells. The tags are the keys of the table
// [audit] in .wsgictl.toml as well; flags win over the file.
type auditFlags struct {
	ModWSGI  string   `name:"mod-wsgi" toml:"mod-wsgi" placeholder:"VERSION" help:"The mod_wsgi that reads the configuration, such as 4.9.4, or 6 for the newest of its line (default: the one that this host loads)."`
	Select   []string `toml:"select" placeholder:"RULE" help:"Only these rules: ids, beginnings of ids, names, or categories (\"wsgictl rules\" lists them)."`
	Ignore   []string `toml:"ignore" placeholder:"RULE" help:"Not these rules, named in the same way."`
	Severity string   `toml:"severity" placeholder:"LEVEL" help:"The least severity to tell: info, warning or error (default: info)."`
	ExitZero bool     `toml:"exit-zero" help:"Exit 0 although there are findings."`
	Baseline string   `toml:"baseline" placeholder:"FILE" help:"Leave out the findings that FILE knows."`

	WriteBaseline bool     `toml:"-" help:"Write the findings of now, all that --select, --ignore and --severity leave, into the file of --baseline."`
	Trust         []string `toml:"-" sep:"none" placeholder:"USER" help:"As root, use settings and a baseline that this account can change, too."`
	Config        string   `toml:"-" placeholder:"FILE" help:"The file of settings (default: .wsgictl.toml of this folder)."`
}

// lastOfLine are the newest releases of each line of mod_wsgi.
var lastOfLine = map[string]string{"4": "4.9.4", "5": "5.0.2", "6": modwsgi.Newest.String()}

// parseLine reads a release, or the number of a line for its newest release. Of a
// line that is newer than all that are known nothing could be told.
func parseLine(text string) (modwsgi.Release, error) {
	if last, ok := lastOfLine[text]; ok {
		text = last
	}
	release, err := modwsgi.ParseRelease(text)
	if err == nil && !release.IsOfKnownLine() {
		err = fmt.Errorf("--mod-wsgi %s: no line of mod_wsgi that is known here: want 4, 5 or 6, or a release such as %s", text, modwsgi.Newest)
	}
	return release, err
}

// look reads each configuration and computes its view. say is told what of a
// repository was passed over.
func (c auditCommand) look(ctx context.Context, settings auditSettings, say func(string)) ([]*wsgi.View, error) {
	if len(c.Paths) == 0 {
		return c.lookSystem(ctx, settings, say)
	}
	var named, found []*wsgi.View
	for _, name := range c.Paths {
		if folder, ok := c.repository(name); ok {
			views, err := c.lookInto(ctx, folder, settings, say)
			if err != nil {
				return nil, err
			}
			found = append(found, views...)
			continue
		}
		config, err := c.read(ctx, name)
		if err != nil {
			return nil, err
		}
		named = append(named, c.view(config, settings, say))
	}
	wsgi.Together(named)
	return append(named, found...), nil
}

// lookSystem reads the configuration of this host, or of --root.
func (c auditCommand) lookSystem(ctx context.Context, settings auditSettings, say func(string)) ([]*wsgi.View, error) {
	config, err := c.read(ctx, "")
	if err != nil {
		return nil, err
	}
	if c.Root != "" {
		return []*wsgi.View{c.view(config, settings, say)}, nil
	}
	server, err := c.server()
	if err != nil {
		return nil, err
	}
	again := func(file string, options conf.Options) (*conf.Config, error) {
		if file == config.Files[0].Name {
			return config, nil
		}
		return conf.Read(file, options)
	}
	host, err := detect.Detect(ctx, detect.Request{ServerOnly: true, HTTPD: server.Path, Read: again})
	if err != nil {
		return nil, fmt.Errorf("find Apache: %w", err)
	}
	if settings.release.IsZero() {
		settings.release = loadedRelease(host)
	}
	view := wsgi.Look(config, settings.release, &host)
	view.CannotEnter = c.cannotEnter
	if host.Apache != nil {
		view.Start = c.start(config, host.Apache.Path)
	}
	return []*wsgi.View{view}, nil
}

// view is that of a configuration that was named, or that is below --root. One of
// another host is told of, and not held against the accounts of this one.
func (c auditCommand) view(config *conf.Config, settings auditSettings, say func(string)) *wsgi.View {
	view := wsgi.Look(config, settings.release, nil)
	tellOfAnotherHost(config, say)
	if !config.IsOfAnotherHost() {
		view.Start, view.CannotEnter = c.start(config, ""), c.cannotEnter
	}
	return view
}

// cannotEnter looks at the accounts and folders of this host, or of --root.
func (c auditCommand) cannotEnter(user, home, apacheUser string) string {
	return detect.WorkingFolder(c.Root, user, home, apacheUser)
}

// loadedRelease is the mod_wsgi that the host's Apache loads, zero when that
// is not known.
func loadedRelease(host detect.Host) modwsgi.Release {
	if host.Apache == nil || len(host.Apache.Loaded) == 0 {
		return modwsgi.Release{}
	}
	for _, module := range host.Modules {
		if module.Path == host.Apache.Loaded[0].Path {
			release, err := modwsgi.ParseRelease(module.Release)
			if err == nil {
				return release
			}
		}
	}
	return modwsgi.Release{}
}

// seenFromHere gives what writes a path as seen from the current folder, where
// it is below.
func seenFromHere() func(name string) string {
	here, err := os.Getwd()
	return func(name string) string {
		relative, relativeErr := filepath.Rel(here, name)
		if err != nil || relativeErr != nil || strings.HasPrefix(relative, "..") {
			return name
		}
		return relative
	}
}
