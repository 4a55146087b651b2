package installed

import (
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/hostfiles"
)

// A Layout is a family's way to lay out Apache's files.
type Layout string

// The layouts known, each one row of the table in platforms.go.
const (
	Debian   Layout = "debian"
	RedHat   Layout = "redhat"
	SUSE     Layout = "suse"
	Arch     Layout = "arch"
	Alpine   Layout = "alpine"
	FreeBSD  Layout = "freebsd"
	Homebrew Layout = "homebrew"
	Bundled  Layout = "mod_wsgi-httpd" // the Apache that PyPI's mod_wsgi-httpd brings
	Source   Layout = "source"         // a source build below one prefix
)

// A platform is all that is known of one family's Apache. Of several folders and
// files the first that exists is taken; relative ones are below the server root,
// unless it says otherwise.
type platform struct {
	layout        Layout
	distributions []string // ID or ID_LIKE of os-release; "macos" on macOS

	serverRoots []string // HTTPD_ROOT as compiled in
	configFiles []string // SERVER_CONFIG_FILE as compiled in
	modules     []string // modules folder
	envVars     []string // file that the control command or the unit reads first
	control     []string // control command
	unit        string   // of systemd; empty where the family has none
	logs        string   // folder for logs
	managed     string   // folder in which mod_md keeps certificates, as compiled in; empty where it was not seen

	places   Places // below the folder of the main configuration file
	state    string // folder in which a2enmod notes what was enabled, unless APACHE_STATE_DIRECTORY names it
	module   string // file for the LoadModule line of a module that a person adds, as a place; empty for the main one
	packages Packages
}

// isFor tells whether a platform is that of a distribution.
func (p platform) isFor(distribution string) bool {
	return distribution != "" && slices.ContainsFunc(p.distributions, func(name string) bool {
		return distribution == name || strings.HasPrefix(distribution, name+"-")
	})
}

// mainFiles are the main configuration files of its server roots.
func (p platform) mainFiles() []string {
	var files []string
	for _, root := range p.serverRoots {
		for _, file := range p.configFiles {
			if file = Below(root, file); !slices.Contains(files, file) {
				files = append(files, file)
			}
		}
	}
	return files
}

// platformOf is the row of a layout; the zero one where there is none.
func platformOf(layout Layout) platform {
	for _, row := range platforms {
		if row.layout == layout {
			return row
		}
	}
	return platform{}
}

// platformFor is the row of the first of the distributions that has one.
func platformFor(distributions []string) (row platform, known bool) {
	for _, id := range distributions {
		at := slices.IndexFunc(platforms, func(row platform) bool { return row.isFor(id) })
		if at >= 0 {
			return platforms[at], true
		}
	}
	return platform{}, false
}

// platformsOn is the table, with the row of the host's own distribution first.
func platformsOn(root hostfiles.Root) []platform {
	release := root.OSRelease()
	own, known := platformFor(append([]string{release["ID"]}, strings.Fields(release["ID_LIKE"])...))
	if !known {
		return platforms
	}
	others := slices.DeleteFunc(slices.Clone(platforms), func(row platform) bool { return row.layout == own.layout })
	return append([]platform{own}, others...)
}

// compiledFor finds the row for a server root and configuration file as httpd was
// compiled with: that of a source build where no family has these.
func compiledFor(root hostfiles.Root, serverRoot, configFile string) platform {
	for _, row := range platformsOn(root) {
		if slices.Contains(row.serverRoots, serverRoot) && slices.Contains(row.configFiles, configFile) {
			return row
		}
	}
	return platformOf(Source)
}

// Units are the names that systemd knows Apache by.
func Units() []string {
	var units []string
	for _, row := range platforms {
		if row.unit != "" && !slices.Contains(units, row.unit) {
			units = append(units, row.unit)
		}
	}
	return units
}

// bundledPath is how the path of an httpd from PyPI's mod_wsgi-httpd ends.
const bundledPath = "/mod_wsgi_packages/httpd/bin/httpd"
