package intent

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/wsgictl/wsgictl/templates"
)

// A File is what a wsgictl.toml declares, with its defaults not yet filled
// in. docs/wsgictl.toml.md describes the file.
type File struct {
	Venv    string // python-home of each daemon that names none
	ModWSGI string // release, as written
	Daemons []templates.Daemon
	Sites   []templates.Site
	Limits  templates.Limits  // Arrival and Reserve
	Deploys map[string]Deploy // by the names of the sites whose code is deployed

	// Trust names accounts, as the option --trust does, that may change what
	// Apache uses as root. Whoever reads a file that others can change has to
	// leave it out of account.
	Trust []string

	name string // of the file, for messages; empty without one
}

// SitesOf are the sites that a daemon process group serves.
func (f File) SitesOf(daemon string) []templates.Site {
	return slices.DeleteFunc(slices.Clone(f.Sites), func(s templates.Site) bool { return cmp.Or(s.Daemon, s.Name) != daemon })
}

// Declares tells whether the file declares a site.
func (f File) Declares(site string) bool { return slices.Contains(f.SiteNames(), site) }

// SiteNames are the names of the sites, sorted.
func (f File) SiteNames() []string {
	var names []string
	for _, site := range f.Sites {
		names = append(names, site.Name)
	}
	return names
}

// check reports names that no file can have, and sites that share an interpreter and
// are not the same application: their modules and settings would collide.
func (f File) check() error {
	for _, site := range f.Sites {
		if err := templates.CheckName("site", site.Name); err != nil {
			return err
		}
	}
	for _, name := range f.DaemonNames() {
		if err := templates.CheckName("daemon", name); err != nil {
			return err
		}
		sites := f.SitesOf(name)
		for _, site := range sites[min(1, len(sites)):] {
			if first := sites[0]; site.Script != first.Script || site.Module != first.Module || site.Release != first.Release {
				return fmt.Errorf("site.%s and site.%s share the daemon %s, where two applications would collide in one interpreter: give each a daemon of its own",
					first.Name, site.Name, name)
			}
		}
	}
	return f.checkDeploys()
}

// DaemonNames are the daemon process groups that are declared or that a site
// names, sorted.
func (f File) DaemonNames() []string {
	var names []string
	for _, daemon := range f.Daemons {
		names = append(names, daemon.Name)
	}
	for _, site := range f.Sites {
		names = append(names, cmp.Or(site.Daemon, site.Name))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// WritableFolders are those in which the application of a daemon process group may
// write something.
func (f File) WritableFolders(daemon templates.Daemon) []string {
	var folders []string
	for _, setting := range []string{"home", "python-home", "python-eggs"} {
		if folder := daemon.Settings.Value(setting); folder != "" {
			folders = append(folders, folder)
		}
	}
	for _, site := range f.SitesOf(daemon.Name) {
		if site.LogDirectory != "" {
			folders = append(folders, site.LogDirectory)
		}
	}
	return folders
}
