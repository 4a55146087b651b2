package express

import (
	"fmt"
	"net"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/templates"
)

// control computes apachectl.
func (p *planner) control() templates.ControlScript {
	o := p.command.Options
	c := templates.ControlScript{
		Root: p.root, HTTPD: p.software.apache.Path, Shell: p.shell(),
		WorkingDir: p.workingDir, Locale: p.locale, EnvVars: p.envvars, PIDFile: p.pidFile,
		Config: p.in("httpd.conf"), Args: p.httpdArgs(), ErrorLog: p.errorLog(),
	}
	p.guard(&c)
	if exists(filepath.Join(p.software.stdlib, "encodings", "__init__.py")) { // in lib64 elsewhere, or in a zip file
		c.Stdlib = p.software.stdlib
	}
	if namesProcesses(c.Shell) {
		c.ProcessName = p.processName()
	}
	if p.mode == templates.DaemonMode && p.checkProgram() == nil {
		c.Program = p.caller.Program
	}
	c.Drains = p.beside() != ""
	if o.EnableGDB {
		c.GDB = p.program(o.GDBExecutable)
	}
	if c.Python = p.trustedPython(); o.ServerStatus && c.Python != "" {
		c.StatusURL = fmt.Sprintf("http://%s/server-status?auto", net.JoinHostPort(p.localAddress(), strconv.Itoa(o.Port)))
	}
	c.Variables = [][2]string{
		{"MOD_WSGI_SERVER_ROOT", p.root},
		{"MOD_WSGI_MODULES_DIRECTORY", p.software.apache.ModulesDir},
		{"MOD_WSGI_LISTENER_HOST", p.host()},
		{"MOD_WSGI_HTTP_PORT", strconv.Itoa(o.Port)},
		{"MOD_WSGI_HTTPS_PORT", portOrNone(o.HTTPSPort)},
		{"MOD_WSGI_USER", p.account.user},
		{"MOD_WSGI_GROUP", p.account.group},
		{"MOD_WSGI_WORKING_DIRECTORY", p.workingDir},
	}
	return c
}

func (p *planner) httpdArgs() []string {
	args := []string{"-f", p.in("httpd.conf")}
	if p.mode == templates.DebugMode {
		args = append(args, "-DONE_PROCESS")
	}
	if p.command.EmbeddedMode {
		args = append(args, "-DEMBEDDED_MODE")
	}
	if log := p.startupLog(); log != "" {
		args = append(args, "-E", log)
	}
	return args
}

// guard keeps what others can change from root: programs for a script of
// root's, and a script of somebody else's.
func (p *planner) guard(c *templates.ControlScript) {
	if p.caller.UID != 0 {
		c.Owner = p.account.user
		return
	}
	c.Trusted = p.command.Trusted
	if c.Path = p.trusted.SearchPath(p.caller.env("PATH")); c.Path == "" {
		c.Path = "/usr/sbin:/usr/bin:/sbin:/bin"
	}
}

// checkProgram is an error about the wsgictl that apachectl would call, where
// somebody else could exchange it by then.
func (p *planner) checkProgram() error {
	if p.caller.Program == "" {
		return nil
	}
	return p.trusted.Check(p.caller.Program)
}

// controlNotes tell what apachectl cannot do.
func (p *planner) controlNotes() notes {
	var lacks notes
	if shell := p.shell(); p.command.ProcessName != "" && !namesProcesses(shell) {
		lacks = append(lacks, note("--process-name: %s cannot name a process; name bash with --shell-executable", shell)...)
	}
	if err := p.checkProgram(); p.mode == templates.DaemonMode && err != nil {
		lacks = append(lacks, note("\"apachectl graceful\" does without wsgictl, and does not see a certificate by which Apache would exit: root would run %v.", err)...)
	}
	return lacks
}

func portOrNone(port int) string {
	if port == 0 {
		return ""
	}
	return strconv.Itoa(port)
}

// localAddress is where this machine reaches its own server.
func (p *planner) localAddress() string {
	switch p.command.Host {
	case "", "0.0.0.0", "::":
		return "localhost"
	}
	return p.command.Host
}

// processName is what ps shows for Apache itself. Processes of the application
// write their name over it and have no more room than it has, hence the blanks.
func (p *planner) processName() string {
	name := p.command.ProcessName
	if name == "" {
		name = filepath.Base(p.software.apache.Path) + " (mod_wsgi-express)"
	}
	return fmt.Sprintf("%-*s", len(p.displayName()), name)
}

// shell is that of apachectl: bash where there is one, for only some shells can
// name the process that they become.
func (p *planner) shell() string {
	if p.command.ShellExecutable != "" {
		return p.program(p.command.ShellExecutable)
	}
	for _, name := range []string{"bash", "sh"} {
		for _, dir := range append(filepath.SplitList(p.caller.env("PATH")), "/usr/local/bin", "/bin") {
			if path := filepath.Join(dir, name); filepath.IsAbs(path) && isProgram(path) && p.trusted.Check(path) == nil {
				return path
			}
		}
	}
	return "/bin/sh"
}

// program gives the path of one that was named: apachectl and Apache start it
// from the folder of the application, where others may put one of its name.
func (p *planner) program(name string) string {
	if strings.Contains(name, "/") {
		return p.caller.abs(name)
	}
	if path, err := p.trusted.LookPath(name); err == nil {
		return p.caller.abs(path)
	}
	return name
}

func isProgram(path string) bool {
	_, err := exec.LookPath(path)
	return err == nil
}

// namesProcesses reports whether a shell has "exec -a".
func namesProcesses(shell string) bool {
	switch filepath.Base(shell) {
	case "bash", "zsh", "ksh", "mksh":
		return true
	}
	return false
}

// checkPrograms refuses a shell that could not run apachectl, and a program for
// the logs without which Apache does not start.
func (p *planner) checkPrograms() error {
	named := map[string]string{"shell-executable": p.shell()}
	if p.command.RotateLogs {
		named["rotatelogs-executable"] = p.rotatelogs()
	}
	if p.command.EnableGDB && p.caller.UID == 0 {
		named["gdb-executable"] = p.program(p.command.GDBExecutable)
	}
	for option, path := range named {
		if !filepath.IsAbs(path) || !isProgram(path) {
			return fmt.Errorf("--%s %s: no such program", option, path)
		}
	}
	return nil
}
