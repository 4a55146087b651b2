package system

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/templates"
)

// A Declaration is what a wsgictl.toml wants of an Apache, and the mod_wsgi by which
// Apache is to serve it.
type Declaration struct {
	intent.Declaration
	Module Module

	// Confined says that SELinux keeps Apache's processes from writing files where no
	// policy lets them.
	Confined bool
}

// A Module is the mod_wsgi that Apache shall load.
type Module struct {
	Path     string          // where it was read
	Content  []byte          // of its file, of which Apache gets a copy that only root can change
	Release  modwsgi.Release //
	Python   string          // that it is for: "3.11"
	LoadFile string          // libpython, where the loader would not find the right one
	Beside   []byte          // content of the mod_wsgictl beside it; empty where there is none
}

// FileName is the name that the copy gets.
func (m Module) FileName() string {
	return modwsgi.ModuleFile{Release: m.Release, Python: m.Python}.Name(m.Content)
}

// Ranks: what others rest on comes before them.
const (
	rankFolder  = 0
	rankFile    = 1   // files that the configuration names
	rankLoad    = 10  // the file that loads mod_wsgi
	rankModule  = 20  // Apache's own modules, in the order of their dependencies
	rankReplace = 190 // another mod_wsgi is no longer loaded
	rankProbe   = 200
	rankListen  = 210
	rankLimits  = 215
	rankDaemon  = 220
	rankSite    = 300
	rankInclude = 400 // the line that brings a folder of wsgictl's own into force
	rankLast    = 900 // an older mod_wsgi, once nothing needs the newer one
)

// A declaring turns a declaration into what shall be there.
type declaring struct {
	Manager
	Declaration
	*scope
	live      *conf.Config    // the configuration as it is
	assumed   *conf.Config    // the same with the modules that sites need
	listening []listenAddress // of its files that are not managed
	module    loaded          // that Apache is to load
	files     map[string]Want // of the site, or of what all share
}

func (d *declaring) in(p installed.Place) wants { return wants{p, d.files, d.current.Managed} }

// declare wants all that the declaration needs, site by site, and what these
// share with all others.
func (d *declaring) declare() error {
	if err := d.look(); err != nil || len(d.Sites) == 0 {
		return err
	}
	d.files = map[string]Want{}
	if err := d.moduleFile(); err != nil {
		return err
	}
	shared := d.files
	for _, site := range d.Sites {
		d.files = map[string]Want{}
		if err := d.site(site); err != nil {
			return fmt.Errorf("site %s: %w", site.Name, err)
		}
		d.want(d.files, site.Name)
	}
	d.files = shared
	if err := d.loadModule(); err != nil {
		return err
	}
	d.share(d.files)
	d.noteNeeded()
	return nil
}

// look reads the configuration as it is.
func (d *declaring) look() (err error) {
	if d.live, err = d.Manager.live(); err != nil {
		return err
	}
	var needed []string
	for _, site := range d.Sites {
		for _, module := range site.Modules() {
			needed = append(needed, module+"_module")
		}
	}
	if d.assumed, err = d.assuming(d.live, needed); err != nil {
		return err
	}
	d.listening = listens(d.assumed, d.current.Managed)
	return nil
}

func (d *declaring) site(site templates.Site) error {
	daemon, err := d.daemon(cmp.Or(site.Daemon, site.Name))
	if err != nil {
		return err
	}
	if err := d.script(&site); err != nil {
		return err
	}
	site.Probed = true
	if err := d.ready(&site); err != nil {
		return err
	}
	text, err := site.Render()
	if err != nil {
		return err
	}
	d.includeOwn()
	if site.Disabled {
		d.in(d.places.Site).putDisabled(site.Name, withFirstLine(text, ""), rankSite, rankFile)
	} else {
		d.in(d.places.Site).put(site.Name, withFirstLine(text, ""), rankSite)
		if err := d.serve(site); err != nil {
			return err
		}
	}
	d.sites[site.Name], err = d.describe(site, daemon)
	return err
}

// serve wants what Apache needs to serve a site, and holds that it could.
func (d *declaring) serve(site templates.Site) error {
	if err := checkSite(site); err != nil {
		return err
	}
	if err := d.checkManaged(site); err != nil {
		return err
	}
	if err := d.enableModules(site.Modules()); err != nil {
		return err
	}
	return d.listen(site)
}

// daemon wants the daemon process group of that name; disabled where no site that
// it serves is enabled.
func (d *declaring) daemon(name string) (templates.Daemon, error) {
	i := slices.IndexFunc(d.Daemons, func(daemon templates.Daemon) bool { return daemon.Name == name })
	if i < 0 {
		return templates.Daemon{}, fmt.Errorf("no daemon %s is declared", name)
	}
	daemon := d.Daemons[i]
	daemon.Release = d.module.release
	text, err := daemon.Render()
	if err != nil {
		return templates.Daemon{}, err
	}
	if d.isServing(name) {
		d.in(d.places.Config).put("wsgictl-"+name, withFirstLine(text, ""), rankDaemon)
	} else {
		d.in(d.places.Config).putDisabled("wsgictl-"+name, withFirstLine(text, ""), rankDaemon, rankLast)
	}
	return daemon, nil
}

// isServing tells whether a daemon process group serves a site that is enabled, be
// it one that the plan leaves.
func (d *declaring) isServing(daemon string) bool {
	serves := func(s templates.Site) bool { return cmp.Or(s.Daemon, s.Name) == daemon && !s.Disabled }
	left := func(name string) bool {
		return d.current.Sites[name].Daemon == daemon && !d.current.Sites[name].Disabled
	}
	return slices.ContainsFunc(d.Sites, serves) || slices.ContainsFunc(d.others, left)
}

// script wants the script of a site that names a module to import, or whose code is
// deployed.
func (d *declaring) script(site *templates.Site) error {
	if !site.HasOwnScript() || site.Module != "" && site.Script != "" {
		return nil
	}
	text, err := site.ScriptText()
	if err != nil {
		return err
	}
	site.Script = filepath.Join(d.places.Scripts, site.Name+".wsgi")
	d.files[d.places.Scripts] = Want{PathState: store.NewFolder(0o755), Rank: rankFolder}
	d.files[site.Script] = Want{PathState: store.NewFile(withFirstLine(text, ""), 0o644), Rank: rankFile}
	return nil
}

// ready wants the file by which new processes say that they have loaded a site.
func (d *declaring) ready(site *templates.Site) error {
	text, err := site.ReadyScript(site.Address())
	if err != nil {
		return err
	}
	site.Ready = filepath.Join(d.places.Scripts, site.Name+"-ready.py")
	d.files[d.places.Scripts] = Want{PathState: store.NewFolder(0o755), Rank: rankFolder}
	d.files[site.Ready] = Want{PathState: store.NewFile(withFirstLine(text, ""), 0o644), Rank: rankFile}
	return nil
}

// includeOwn wants the folder of wsgictl's own to be read, where a layout has no
// folder for such files.
func (d *declaring) includeOwn() {
	if d.places.Include != "" {
		d.files[d.places.Load.Folder] = Want{PathState: store.NewFolder(0o755), Rank: rankFolder}
		d.files[d.ConfigFile] = Want{Line: fmt.Sprintf("IncludeOptional %q", d.places.Include), Rank: rankInclude}
	}
}

// describe says how to see that the site is served.
func (d *declaring) describe(site templates.Site, daemon templates.Daemon) (Site, error) {
	sizes, err := sizesOf(daemon)
	if err != nil {
		return Site{}, err
	}
	described := Site{
		File: d.File, Daemon: daemon.Name, Python: d.Module.Python, Release: d.Module.Release.String(), Sizes: sizes, Disabled: site.Disabled,
	}
	if site.Disabled {
		return described, nil
	}
	described.Modules = site.Modules()
	for i, url := range site.URLs() {
		check := Check{URL: url, Daemon: daemon.Name}
		switch redirects := i == 0 && site.Redirects(); {
		case site.ACME.ACME != "":
			check.Managed = i > 0 || redirects
		case redirects:
			check.Daemon = ""
		}
		described.Checks = append(described.Checks, check)
	}
	described.Certificate, described.Job = site.ManagedCertificate(), site.ManagedJob()
	if site.LogDirectory != "" {
		described.Logs = []string{site.ErrorLogFile()}
	}
	return described, nil
}
