package intent

import (
	"cmp"
	"fmt"
	"os/user"
	"path"
	"path/filepath"

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

	CertificateStore string // folder in which Apache's mod_md keeps certificates; empty where that is not known
}

// A Declaration is what one wsgictl.toml wants of an Apache. It is complete: nothing
// in it is left to be looked up.
type Declaration struct {
	File    string // absolute path of the wsgictl.toml, by which it is known
	Daemons []templates.Daemon
	Sites   []templates.Site
	Limits  templates.Limits // Arrival and Reserve, where it sizes the whole server; zero where it does not

	// Partly says that the file declares more sites than these, which are left as
	// they are, as are the sizes of the server.
	Partly bool

	// Trust names the accounts, as --trust does, that may change what Apache
	// uses as root because of this declaration.
	Trust []string
}

// Complete completes what is declared with what the host is, and holds that one
// mod_wsgi can serve it: of the release that the file asks for, and for the Python
// of each virtualenv.
func (d Declared) Complete(facts Facts) (Declaration, error) {
	if asked := d.File.ModWSGI; asked != "" && !facts.Release.Is(asked) {
		return Declaration{}, fmt.Errorf("mod-wsgi %s is declared, and %s has %s: install it with wsgictl install-module --release %s", asked, facts.PythonHome, facts.Release, asked)
	}
	if err := d.File.CheckDeployed(); err != nil {
		return Declaration{}, err
	}
	declaration := Declaration{File: d.Path, Limits: d.File.Limits, Partly: d.Partly, Trust: d.Trust}
	declaration.Sites, declaration.Daemons = d.File.complete(facts)
	for _, daemon := range declaration.Daemons {
		if err := samePython(daemon, facts.Python); err != nil {
			return Declaration{}, err
		}
		for _, site := range declaration.Sites {
			if site.Daemon != daemon.Name {
				continue
			}
			if err := facts.Fit(site, daemon); err != nil {
				return Declaration{}, err
			}
		}
	}
	return declaration, nil
}

func (f File) complete(facts Facts) (sites []templates.Site, daemons []templates.Daemon) {
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

// site is a site with its daemon process group, the folder of its logs and that of
// managed certificates named.
func (f Facts) site(site templates.Site) templates.Site {
	site.Daemon = cmp.Or(site.Daemon, site.Name)
	site.LogDirectory = cmp.Or(site.LogDirectory, f.LogDirectory)
	site.ACMEStore = f.CertificateStore
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
	if release := application.Release; release != "" {
		settings = settings.WithDefault("python-home", filepath.Join(release, EnvironmentName))
		settings = settings.WithDefault("home", release)
		settings = settings.WithDefault("python-path", release)
	}
	settings = settings.WithDefault("python-home", f.PythonHome)
	settings = settings.WithDefault("group", groupOf(settings.Value("user")))
	if application.Module == "" && application.Script != "" && application.Release == "" {
		folder := ImportFolder(application.Script)
		settings = settings.WithDefault("home", folder)
		if folder != path.Dir(application.Script) {
			settings = settings.WithDefault("python-path", folder)
		}
	}
	return settings
}

// DaemonDefault says, for people, what holds where nobody sets an option of a daemon
// process group: what WithDefaults derives, else the profile's value, else mod_wsgi's.
func DaemonDefault(option modwsgi.DaemonOption) string {
	derived := map[string]string{
		"group":           "as the user",
		"home":            "the script's folder",
		"python-home":     "the virtualenv",
		"request-timeout": "what --recovery comes to",
	}
	return cmp.Or(derived[option.Name], option.Recommended, option.Default)
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
