package system

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/templates"
	"github.com/wsgictl/wsgictl/trust"
)

// uses are what the control of this Apache depends on.
func (a *Apache) uses() []use {
	const own = "give it to root (chown root:), and let nobody else write to it (chmod go-w)"
	uses := []use{
		{path: a.Path, what: "the program " + a.Path, why: "root starts it", remedy: own},
		{path: a.PIDFile, what: "the pid file " + a.PIDFile, why: "root's signals go to the process that it names", remedy: own},
	}
	if a.Control != "" {
		uses = append(uses, use{path: a.Control, what: "the program " + a.Control, why: "root starts it", remedy: own})
	}
	if a.EnvVars != "" {
		uses = append(uses, use{path: a.EnvVars, what: "the file " + a.EnvVars, why: "root's shell runs what it says", remedy: own})
	}
	return uses
}

// uses are what Apache uses as root because of the declaration.
func (d Declaration) uses() []use {
	uses := []use{{
		path: d.File, what: "the declaration", why: "it says what Apache does as root",
		remedy: "put it where root alone can write, such as " + intent.RootsFolder() + ", and name it with --file",
	}}
	if d.Module.LoadFile != "" {
		uses = append(uses, use{path: d.Module.LoadFile, what: "the Python of mod_wsgi", why: "Apache loads its library as root", remedy: otherPython("")})
	}
	for _, daemon := range d.Daemons {
		if folder := setting(daemon, "chroot"); folder != "" {
			uses = append(uses, use{path: folder, what: "the chroot of daemon " + daemon.Name, why: "its processes enter it as root", remedy: "give it to root"})
		}
		venv, err := detect.ReadVirtualenv(setting(daemon, "python-home"))
		if err == nil && venv.Home != "" {
			uses = append(uses, use{path: standardLibrary(venv), what: "the Python of daemon " + daemon.Name, why: "Apache starts it", remedy: otherPython(venv.Path)})
		}
	}
	for _, site := range d.Sites {
		if site.LogDirectory != "" {
			uses = append(uses, use{
				path: site.LogDirectory, what: "the log folder of site " + site.Name, log: true,
				why:    "Apache writes there as root, also through a link in the place of a log",
				remedy: fmt.Sprintf("give it to root (chown root: %[1]s && chmod go-w %[1]s), or name another log-directory", detect.ShellArgument(site.LogDirectory)),
			})
		}
		uses = append(uses, certificateUses(site)...)
	}
	return uses
}

// certificateUses are the files by which a site is an HTTPS site.
func certificateUses(site templates.Site) []use {
	const breaks = "Apache reads it as root, and serves no site if it is broken"
	uses := []use{
		{path: site.SSLCertificateFile, what: "the certificate", why: breaks, remedy: "/etc/ssl"},
		{path: site.SSLCertificateKeyFile, what: "the certificate key", why: "Apache reads it as root", remedy: "/etc/ssl/private"},
		{path: site.SSLCertificateChainFile, what: "the certificate chain", why: breaks, remedy: "/etc/ssl"},
		{path: site.SSLCACertificateFile, what: "the file of authorities", why: "it says whose client certificates open the site", remedy: "/etc/ssl"},
	}
	uses = slices.DeleteFunc(uses, func(u use) bool { return u.path == "" })
	for i := range uses {
		uses[i].what += " of site " + site.Name
		uses[i].remedy = "keep it where root alone can write, such as " + uses[i].remedy
	}
	return uses
}

// otherPython is how a virtualenv comes to a Python that is root's.
func otherPython(venv string) string {
	venv = cmp.Or(venv, "DIR")
	owner := "OWNER"
	if way, err := trust.Look(venv); err == nil {
		if account, foreign, err := way.Owner(); foreign && err == nil && account.Name != "" {
			owner = account.Name
		}
	}
	return fmt.Sprintf("make the virtualenv with a Python that is root's: runuser -u %s -- /usr/bin/python3 -m venv --clear %s", owner, detect.ShellArgument(filepath.Clean(venv)))
}
