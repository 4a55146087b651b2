package intent

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/templates"
)

// Flags are what a command line says of a site and its daemon process group. What
// was given wins over the file.
type Flags struct {
	Given     Given
	Site      templates.Site   // with its application
	Settings  modwsgi.Settings // options of the daemon process group
	Recovery  int              // in seconds; 0 where it is not given
	Elsewhere bool             // paths are another machine's, and stay as they were written
}

// Site is the one that a command line is about, by flags, file and host: the one
// that is named, else the only one of the file. The error says which there are.
func (f File) Site(name string, flags Flags, facts Facts) (templates.Site, error) {
	declared, err := f.site(name)
	if err != nil {
		return templates.Site{}, err
	}
	site, err := flags.site()
	if err != nil {
		return templates.Site{}, err
	}
	flags.Given.Merge(&site, declared)
	site.Release = declared.Release
	site.Name = cmp.Or(name, declared.Name, site.ServerName)
	if site.Name == "" {
		return templates.Site{}, errors.New("which site? name its host with --server-name, or a --file that declares it")
	}
	return facts.site(site), nil
}

// site finds the site that is meant among those of the file; without a file it is an
// empty one.
func (f File) site(name string) (templates.Site, error) {
	if len(f.Sites) == 0 || name == "" && len(f.Sites) == 1 {
		return append(f.Sites, templates.Site{})[0], nil
	}
	i := slices.IndexFunc(f.Sites, func(site templates.Site) bool { return site.Name == name })
	names := strings.Join(f.SiteNames(), ", ")
	switch {
	case name == "":
		return templates.Site{}, fmt.Errorf("%s: which site? it declares %s", f.name, names)
	case i < 0:
		return templates.Site{}, fmt.Errorf("%s: no site %s: it declares %s", f.name, name, names)
	}
	return f.Sites[i], nil
}

// Application is the one that a daemon process group serves: that of the flags, and
// of the first site of the file that the group serves.
func (f File) Application(daemon string, flags Flags) (templates.Application, error) {
	site, err := flags.site()
	if err != nil {
		return templates.Application{}, err
	}
	if served := f.SitesOf(daemon); len(served) > 0 {
		flags.Given.Merge(&site.Application, served[0].Application)
		site.Release = served[0].Release
	}
	return site.Application, nil
}

// DaemonFor is the daemon process group that serves an application, by flags, file
// and host. Of recovery and request-timeout, of which one follows from the other, a
// flag for one wins over either of them in the file.
func (f File) DaemonFor(name string, flags Flags, application templates.Application, facts Facts) (templates.Daemon, error) {
	daemon := f.Daemon(name, facts)
	flagged, err := flags.settings()
	if err != nil {
		return templates.Daemon{}, err
	}
	if flags.Recovery != 0 || flagged.Value("request-timeout") != "" {
		daemon.Recovery = time.Duration(flags.Recovery) * time.Second
		daemon.Settings = daemon.Settings.Without("request-timeout")
	}
	daemon.Settings = facts.WithDefaults(flagged.Over(daemon.Settings), application)
	return daemon, nil
}

// AllDaemons are the groups that the file declares or its sites name, else one that
// the flags alone describe, each with the settings of the flags.
func (f File) AllDaemons(flags Flags, facts Facts) []templates.Daemon {
	names := f.DaemonNames()
	if len(names) == 0 {
		names = []string{"application"}
	}
	var daemons []templates.Daemon
	for _, name := range names {
		daemon := f.Daemon(name, facts)
		daemon.Settings = flags.Settings.Over(daemon.Settings)
		daemons = append(daemons, daemon)
	}
	return daemons
}

// site is the one of the flags, with paths as whoever types them means them.
func (f Flags) site() (templates.Site, error) {
	site := f.Site
	site.URLAlias = slices.Clone(site.URLAlias)
	err := f.absolute(templates.Paths(&site)...)
	return site, err
}

// settings are those of the flags, with paths in the same way.
func (f Flags) settings() (modwsgi.Settings, error) {
	settings := slices.Clone(f.Settings)
	for i, setting := range settings {
		option, err := modwsgi.LookupDaemonOption(setting.Name, modwsgi.Release{})
		if err != nil {
			return nil, err
		}
		var paths []string
		switch option.Kind {
		case modwsgi.Path:
			paths = []string{setting.Value}
		case modwsgi.Paths:
			paths = strings.Split(setting.Value, ":")
		default:
			continue
		}
		for j := range paths {
			if err := f.absolute(&paths[j]); err != nil {
				return nil, err
			}
		}
		settings[i].Value = strings.Join(paths, ":")
	}
	return settings, nil
}

// absolute makes paths absolute, seen from the current folder.
func (f Flags) absolute(paths ...*string) error {
	if f.Elsewhere {
		return nil
	}
	for _, path := range paths {
		if *path == "" || filepath.IsAbs(*path) {
			continue
		}
		whole, err := filepath.Abs(*path)
		if err != nil {
			return err
		}
		if strings.HasSuffix(*path, "/") {
			whole += "/" // it says that a folder is meant
		}
		*path = whole
	}
	return nil
}
