package detect

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/hostfiles"
	"github.com/wsgictl/wsgictl/httpd/installed"
)

// A unit is what systemd hides from the processes of Apache.
type unit struct {
	name        string // "apache2.service"; empty where systemd does not run it
	privateTmp  bool
	protectHome string // "true" or "tmpfs": no home folder is seen
}

// unitFolders are where systemd looks for units; the first that has one wins,
// and drop-ins of all of them count.
var unitFolders = []string{"/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"}

// unit reads the unit of Apache and its drop-ins.
func (t tree) unit() unit {
	if !t.IsDir("/run/systemd/system") {
		return unit{}
	}
	for _, name := range installed.Units() {
		file := hostfiles.FirstOf(under(unitFolders, name), t.IsFile)
		if file == "" {
			continue
		}
		u := unit{name: name}
		u.read(t, file)
		for _, folder := range under(unitFolders, name+".d") {
			for _, dropIn := range t.Glob(folder, "*.conf") {
				u.read(t, dropIn)
			}
		}
		return u
	}
	return unit{}
}

func under(folders []string, name string) []string {
	var paths []string
	for _, folder := range folders {
		paths = append(paths, filepath.Join(folder, name))
	}
	return paths
}

func (u *unit) read(t tree, file string) {
	text, err := t.Read(file)
	if err != nil {
		return
	}
	for line := range strings.Lines(text) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		value = strings.ToLower(strings.TrimSpace(value))
		switch strings.TrimSpace(key) {
		case "PrivateTmp":
			u.privateTmp = isTrue(value) || value == "disconnected"
		case "ProtectHome":
			u.protectHome = value
		}
	}
}

func isTrue(value string) bool {
	return value == "yes" || value == "true" || value == "1" || value == "on"
}

// hides tells whether the unit keeps a path from the processes of Apache.
func (u unit) hides(path ReadPath) (Problem, bool) {
	setting := ""
	switch {
	case u.privateTmp && startsWithAny(path.Path, "/tmp/", "/var/tmp/"):
		setting = "PrivateTmp"
	case (isTrue(u.protectHome) || u.protectHome == "tmpfs") && startsWithAny(path.Path, "/home/", "/root/", "/run/user/"):
		setting = "ProtectHome"
	default:
		return Problem{}, false
	}
	return Problem{
		Cause:       fmt.Sprintf("%s hides %s (%s) from Apache: it has %s", u.name, path.Path, path.Role, setting),
		Consequence: path.Consequence,
		Remedy:      "move it to a folder such as /srv, or run: systemctl edit " + u.name + " and set " + setting + "=no there",
	}, true
}

func startsWithAny(path string, folders ...string) bool {
	for _, folder := range folders {
		if strings.HasPrefix(path, folder) {
			return true
		}
	}
	return false
}
