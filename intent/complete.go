package intent

import (
	"cmp"
	"os/user"
	"path"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/templates"
)

// Facts are what a host adds to what is declared.
type Facts struct {
	Host         detect.Host
	Release      modwsgi.Release // of the mod_wsgi that reads the configuration
	Python       string          // that it is for, such as "3.11"
	PythonHome   string          // of a daemon that names none; empty where there is no virtualenv
	LogDirectory string          // of a site that names none
}

// Complete gives all that the file declares, with what the host is: nothing in it is
// left to be looked up.
func (f File) Complete(facts Facts) (sites []templates.Site, daemons []templates.Daemon) {
	for _, site := range f.Sites {
		sites = append(sites, facts.site(site))
	}
	for _, name := range f.DaemonNames() {
		daemon := f.Daemon(name, facts)
		var application templates.Application
		if served := f.SitesOf(name); len(served) > 0 {
			application = served[0].Application
		}
		daemon.Settings = facts.WithDefaults(daemon.Settings, application)
		daemons = append(daemons, daemon)
	}
	return sites, daemons
}

// site is a site with its daemon process group and the folder of its logs named.
func (f Facts) site(site templates.Site) templates.Site {
	site.Daemon = cmp.Or(site.Daemon, site.Name)
	site.LogDirectory = cmp.Or(site.LogDirectory, f.LogDirectory)
	return site
}

// Daemon is the group as the file declares it, for the host; where the file does
// not, it has a name and no settings.
func (f File) Daemon(name string, facts Facts) templates.Daemon {
	daemon := templates.Daemon{Name: name}
	for _, declared := range f.Daemons {
		if declared.Name == name {
			daemon = declared
		}
	}
	daemon.Release = facts.Release
	daemon.Locale = facts.Host.System.UTF8Locale()
	return daemon
}

// WithDefaults adds what follows from other settings, the application, and the
// virtualenv.
func (f Facts) WithDefaults(settings modwsgi.Settings, application templates.Application) modwsgi.Settings {
	settings = settings.WithDefault("python-home", f.PythonHome)
	settings = settings.WithDefault("group", groupOf(settings.Value("user")))
	if application.Module == "" && application.Script != "" {
		folder := ImportFolder(application.Script)
		settings = settings.WithDefault("home", folder)
		if folder != path.Dir(application.Script) {
			settings = settings.WithDefault("python-path", folder)
		}
	}
	return settings
}

// groupOf is the group of that name, which most accounts have, or else the
// account's own here: nobody's is called nogroup on Debian.
func groupOf(account string) string {
	known, err := user.Lookup(account)
	if err != nil {
		return account
	}
	if _, err := user.LookupGroup(account); err == nil {
		return account
	}
	own, err := user.LookupGroupId(known.Gid)
	if err != nil {
		return account
	}
	return own.Name
}
