package intent

import (
	"cmp"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/templates"
)

// A Deploy declares how new releases of a site's code are put live: the table
// [site.NAME.deploy].
type Deploy struct {
	Folder       string     `toml:"folder" help:"Absolute path of the folder of the releases: each is releases/ID, and current is a link to the one that is served."`
	Keep         int        `toml:"keep" help:"Number of releases that are kept (default: 5)."`
	Python       string     `toml:"python" help:"The Python that virtualenvs are made with (default: that of the release that is served, else /usr/bin/python3)."`
	Builder      string     `toml:"builder" help:"What installs packages: uv or pip (default: uv where the release has a uv.lock, else pip)."`
	Requirements []string   `toml:"requirements" help:"Files of requirements in the release (default: requirements.txt, where it is there)."`
	Before       [][]string `toml:"before" help:"Commands, run in the release before it is served, such as migrations."`
	After        [][]string `toml:"after" help:"Commands, run in the release when all processes serve it."`
}

// defaultKeep is how many releases are kept where nothing is said.
const defaultKeep = 5

// Current is the link to the release that is served.
func (d Deploy) Current() string { return filepath.Join(d.Folder, "current") }

// Releases is the folder of all releases.
func (d Deploy) Releases() string { return filepath.Join(d.Folder, "releases") }

// EnvironmentName is the virtualenv of a release, in its folder.
const EnvironmentName = "venv"

// complete fills in what was left out, and refuses what could not be meant.
func (d Deploy) complete() (Deploy, error) {
	d.Keep = cmp.Or(d.Keep, defaultKeep)
	switch {
	case !filepath.IsAbs(d.Folder):
		return d, fmt.Errorf("folder %q: want the absolute path of a folder", d.Folder)
	case filepath.Clean(d.Folder) == "/":
		return d, errors.New("folder /: want a folder of the site's own")
	case d.Keep < 2:
		return d, fmt.Errorf("keep %d: want 2 or more, so that there is a release to go back to", d.Keep)
	case d.Builder != "" && d.Builder != "uv" && d.Builder != "pip":
		return d, fmt.Errorf("builder %s: want uv or pip", d.Builder)
	case d.Python != "" && !filepath.IsAbs(d.Python):
		return d, fmt.Errorf("python %s: want the absolute path of a Python", d.Python)
	}
	for _, file := range d.Requirements {
		if !filepath.IsLocal(file) {
			return d, fmt.Errorf("requirements %q: want the path of a file in the release", file)
		}
	}
	for _, hook := range append(append([][]string{}, d.Before...), d.After...) {
		if len(hook) == 0 || hook[0] == "" {
			return d, errors.New(`before and after: want commands as lists of words, such as [["venv/bin/python", "manage.py", "migrate"]]`)
		}
	}
	d.Folder = filepath.Clean(d.Folder)
	return d, nil
}

// serve has a site serve the releases.
func (d Deploy) serve(site *templates.Site) error {
	if site.Script != "" {
		if !filepath.IsLocal(site.Script) {
			return fmt.Errorf("script %s: with [site.%s.deploy] want its path in the release, such as wsgi.py", site.Script, site.Name)
		}
		site.Script = path.Join(d.Current(), site.Script)
	}
	site.Release = d.Current()
	site.DisableReloading = true
	return nil
}

// readDeploy completes the table of a site, nil where it has none.
func (f *File) readDeploy(site *templates.Site, table *Deploy) (key string, err error) {
	if table == nil {
		return "", nil
	}
	deploy, err := table.complete()
	if err != nil {
		key, _, _ = strings.Cut(err.Error(), " ")
		return strings.TrimSuffix(key, ":"), err
	}
	if err := deploy.serve(site); err != nil {
		return "", err
	}
	if f.Deploys == nil {
		f.Deploys = map[string]Deploy{}
	}
	f.Deploys[site.Name] = deploy
	return "", nil
}

// checkDeploys refuses a daemon process group whose virtualenv is not the release's.
func (f File) checkDeploys() error {
	for _, daemon := range f.Daemons {
		for _, site := range f.SitesOf(daemon.Name) {
			if home := daemon.Settings.Value("python-home"); site.Release != "" && home != "" {
				return fmt.Errorf("daemon.%s: python-home %s: the releases of site.%s have virtualenvs of their own; leave it out", daemon.Name, home, site.Name)
			}
		}
	}
	return nil
}

// CheckDeployed is an error about the first site whose releases are deployed, and that
// has none yet: Apache could not serve it.
func (f File) CheckDeployed() error {
	for _, site := range f.Sites {
		if site.Release != "" && !site.Disabled && !IsThere(site.Release) {
			return fmt.Errorf("site %s: nothing is deployed yet, there is no %s: first put the code there with \"wsgictl deploy %s DIR\", then apply", site.Name, site.Release, site.Name)
		}
	}
	return nil
}
