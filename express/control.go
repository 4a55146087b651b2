package express

import (
	"cmp"
	"fmt"
	"net"
	"path/filepath"
	"strconv"

	"github.com/wsgictl/wsgictl/templates"
)

// control computes apachectl.
func (p plan) control() templates.ControlScript {
	c := templates.ControlScript{
		Root: string(p.root), HTTPD: p.apache.Path, Shell: p.programs.shell, GDB: p.programs.gdb, Program: p.programs.wsgictl,
		WorkingDir: p.place.dir, Locale: p.locale, EnvVars: p.places.envvars, PIDFile: p.places.pidFile,
		Config: p.root.in("httpd.conf"), Args: p.httpdArgs(), ErrorLog: p.logs.errors,
		Python: p.library.python, Drains: p.beside() != "",
	}
	if p.readyScript() != "" && p.command.Processes > 1 {
		c.Rolls = p.daemons.app.Name
	}
	if p.who.isRoot() { // what others can change is no program for a script of root's
		c.Trusted, c.Path = p.command.Trusted, p.who.trusted.SearchPath(p.who.env("PATH"))
		c.Path = cmp.Or(c.Path, "/usr/sbin:/usr/bin:/sbin:/bin")
	} else { // and a script of somebody else's is none for root
		c.Owner = p.who.account.user
	}
	if stdlib := p.place.python.stdlib; exists(filepath.Join(stdlib, "encodings", "__init__.py")) { // in lib64 elsewhere, or in a zip file
		c.Stdlib = stdlib
	}
	if namesProcesses(c.Shell) {
		c.ProcessName = p.processName()
	}
	if p.command.ServerStatus && c.Python != "" {
		c.StatusURL = fmt.Sprintf("http://%s/server-status?auto", net.JoinHostPort(p.at.local(), strconv.Itoa(p.at.port)))
	}
	c.Variables = [][2]string{
		{"MOD_WSGI_SERVER_ROOT", string(p.root)},
		{"MOD_WSGI_MODULES_DIRECTORY", p.apache.ModulesDir},
		{"MOD_WSGI_LISTENER_HOST", p.at.name()},
		{"MOD_WSGI_HTTP_PORT", strconv.Itoa(p.at.port)},
		{"MOD_WSGI_HTTPS_PORT", portOrNone(p.at.httpsPort)},
		{"MOD_WSGI_USER", p.who.account.user},
		{"MOD_WSGI_GROUP", p.who.account.group},
		{"MOD_WSGI_WORKING_DIRECTORY", p.place.dir},
	}
	return c
}

func (p plan) httpdArgs() []string {
	args := []string{"-f", p.root.in("httpd.conf")}
	if p.mode == templates.DebugMode {
		args = append(args, "-DONE_PROCESS")
	}
	if p.command.EmbeddedMode {
		args = append(args, "-DEMBEDDED_MODE")
	}
	if p.logs.startup != "" {
		args = append(args, "-E", p.logs.startup)
	}
	return args
}

func portOrNone(port int) string {
	if port == 0 {
		return ""
	}
	return strconv.Itoa(port)
}

// processName is what ps shows for Apache itself. Processes of the application
// write their name over it and have no more room than it has, hence the blanks.
func (p plan) processName() string {
	name := cmp.Or(p.command.ProcessName, filepath.Base(p.apache.Path)+" (mod_wsgi-express)")
	return fmt.Sprintf("%-*s", len(displayName(p.command.ProcessGroup, p.at, p.who.UID)), name)
}
