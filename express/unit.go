package express

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
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
func (p plan) unit() templates.Unit {
	u := templates.Unit{
		Root: string(p.root), Path: p.root.unitFile(), Control: p.root.in("apachectl"), PIDFile: p.places.pidFile,
		Notify: exists(p.apache.moduleFile("systemd")),
		Writes: []string{string(p.root)}, PrivateTmp: true,
		// Each daemon process gets its time to finish and to exit, and Apache a moment.
		StopSeconds: p.command.GracefulTimeout + p.command.ShutdownTimeout + 10,
	}
	for _, dir := range []string{p.logs.folder, filepath.Dir(p.places.pidFile), p.places.eggs, p.place.dir} {
		if !within(dir, u.Writes) {
			u.Writes = append(u.Writes, dir)
		}
	}
	for _, path := range append(u.Writes, p.place.python.home, p.app.entryPoint) {
		if within(path, []string{"/tmp", "/var/tmp"}) {
			u.PrivateTmp = false
		}
	}
	if p.who.isRoot() {
		u.Capabilities = rootCapabilities
	} else {
		u.User, u.Group = p.who.account.user, p.who.account.group
		u.LowPort = slices.Min(p.at.ports()) < 1024
	}
	return u
}

// unitName are the names that systemd takes without escapes.
var unitName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[\w:.-]+$`) })

// unitFile is named after the server root, as several may be installed.
func (r serverRoot) unitFile() string {
	return r.in(filepath.Base(string(r)) + ".service")
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
func (p plan) unitFiles() ([]File, error) {
	if !p.command.SystemdUnit {
		return nil, nil
	}
	if !unitName().MatchString(filepath.Base(string(p.root))) {
		return nil, fmt.Errorf("--systemd-unit: no unit can have the name of %s; choose another --server-root", p.root)
	}
	text, err := p.unit().Render()
	return []File{{p.root.unitFile(), text, 0o644, false}}, err
}
