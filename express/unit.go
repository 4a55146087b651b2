package express

import (
	"fmt"
	"path/filepath"
	"regexp"
	"sync"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/templates"
)

// rootCapabilities are what Apache needs of root's powers: to listen on low
// ports, to become the application's account, to stop its processes, and to
// give it its sockets and logs.
var rootCapabilities = []string{
	"CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_KILL", "CAP_NET_BIND_SERVICE", "CAP_SETGID", "CAP_SETUID",
}

// unit computes the systemd service of the server.
func (p *planner) unit() templates.Unit {
	u := templates.Unit{
		Root: p.root, Path: p.unitFile(), Control: p.in("apachectl"), PIDFile: p.pidFile,
		Notify: exists(filepath.Join(p.software.apache.ModulesDir, "mod_systemd.so")),
		Writes: []string{p.root}, PrivateTmp: true,
		// Each daemon process gets its time to finish and to exit, and Apache a moment.
		StopSeconds: p.command.GracefulTimeout + p.command.ShutdownTimeout + 10,
	}
	for _, dir := range []string{p.logFolder(), filepath.Dir(p.pidFile), p.eggs, p.workingDir} {
		if !within(dir, u.Writes) {
			u.Writes = append(u.Writes, dir)
		}
	}
	for _, path := range append(u.Writes, p.software.pythonHome, p.entryPoint) {
		if within(path, []string{"/tmp", "/var/tmp"}) {
			u.PrivateTmp = false
		}
	}
	if p.caller.UID == 0 {
		u.Capabilities = rootCapabilities
	} else {
		u.User, u.Group = p.account.user, p.account.group
		u.LowPort = p.command.Port < 1024 || p.command.HTTPSPort != 0 && p.command.HTTPSPort < 1024
	}
	return u
}

// unitName are the names that systemd takes without escapes.
var unitName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[\w:.-]+$`) })

// unitFile is named after the server root, as several may be installed.
func (p *planner) unitFile() string {
	return p.in(filepath.Base(p.root) + ".service")
}

func within(path string, folders []string) bool {
	for _, folder := range folders {
		if conf.IsIn(path, folder) {
			return true
		}
	}
	return false
}

// unitFiles are the service, where it was asked for.
func (p *planner) unitFiles() ([]File, error) {
	if !p.command.SystemdUnit {
		return nil, nil
	}
	if !unitName().MatchString(filepath.Base(p.root)) {
		return nil, fmt.Errorf("--systemd-unit: no unit can have the name of %s; choose another --server-root", p.root)
	}
	text, err := p.unit().Render()
	return []File{p.file(filepath.Base(p.unitFile()), text, 0o644)}, err
}
