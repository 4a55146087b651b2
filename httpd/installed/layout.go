package installed

import (
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/hostfiles"
)

// A Layout is a family's way to lay out Apache's files.
type Layout string

// The layouts known, each one row of the table below.
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

// layoutRow is one family's way to lay out Apache's files. Folders and files
// are candidates in the order of trial; the first that exists is taken.
type layoutRow struct {
	layout        Layout
	distributions []string // ID or ID_LIKE of os-release; empty where the server root alone decides
	serverRoots   []string // HTTPD_ROOT as compiled in
	configFiles   []string // SERVER_CONFIG_FILE as compiled in
	modules       []string // modules folder
	envVars       []string // file that the control command or the unit reads first
	control       []string // control command
}

// layouts is the table of known layouts. To add a platform, add a row here, one
// in packages.go of detect, and a case in golden/detect.
var layouts = []layoutRow{
	{
		layout:      Debian,
		serverRoots: []string{"/etc/apache2"}, configFiles: []string{"apache2.conf"},
		modules: []string{"/usr/lib/apache2/modules"},
		envVars: []string{"/etc/apache2/envvars"},
		control: []string{"/usr/sbin/apache2ctl", "/usr/sbin/apachectl"},
	}, {
		layout: Arch, distributions: []string{"arch"},
		serverRoots: []string{"/etc/httpd"}, configFiles: []string{"conf/httpd.conf"},
		modules: []string{"/usr/lib/httpd/modules"},
		control: []string{"/usr/bin/apachectl"},
	}, {
		layout:      RedHat,
		serverRoots: []string{"/etc/httpd"}, configFiles: []string{"conf/httpd.conf"},
		modules: []string{"/usr/lib64/httpd/modules", "/usr/lib/httpd/modules"},
		envVars: []string{"/etc/sysconfig/httpd"},
		control: []string{"/usr/sbin/apachectl", "/usr/bin/apachectl"},
	}, {
		layout:      SUSE,
		serverRoots: []string{"/srv/www"}, configFiles: []string{"/etc/apache2/httpd.conf"},
		modules: []string{"/usr/lib64/apache2", "/usr/lib/apache2"},
		envVars: []string{"/etc/sysconfig/apache2"},
		control: []string{"/usr/sbin/apachectl", "/usr/sbin/apache2ctl"},
	}, {
		layout:      Alpine,
		serverRoots: []string{"/var/www"}, configFiles: []string{"/etc/apache2/httpd.conf"},
		modules: []string{"/usr/lib/apache2"},
		envVars: []string{"/etc/conf.d/apache2"},
		control: []string{"/usr/sbin/apachectl"},
	}, {
		layout:      FreeBSD,
		serverRoots: []string{"/usr/local"}, configFiles: []string{"etc/apache24/httpd.conf"},
		modules: []string{"/usr/local/libexec/apache24"},
		envVars: []string{"/usr/local/sbin/envvars"},
		control: []string{"/usr/local/sbin/apachectl"},
	}, {
		layout:      Homebrew,
		serverRoots: []string{"/opt/homebrew/opt/httpd", "/usr/local/opt/httpd", "/home/linuxbrew/.linuxbrew/opt/httpd"},
		configFiles: []string{"/opt/homebrew/etc/httpd/httpd.conf", "/usr/local/etc/httpd/httpd.conf", "/home/linuxbrew/.linuxbrew/etc/httpd/httpd.conf"},
		modules:     []string{"/opt/homebrew/opt/httpd/lib/httpd/modules", "/usr/local/opt/httpd/lib/httpd/modules", "/home/linuxbrew/.linuxbrew/opt/httpd/lib/httpd/modules"},
		envVars:     []string{"/opt/homebrew/opt/httpd/bin/envvars", "/usr/local/opt/httpd/bin/envvars", "/home/linuxbrew/.linuxbrew/opt/httpd/bin/envvars"},
		control:     []string{"/opt/homebrew/bin/apachectl", "/usr/local/bin/apachectl", "/home/linuxbrew/.linuxbrew/bin/apachectl"},
	},
}

// layoutOf finds the row for a server root and configuration file as httpd
// was compiled with; false means a layout of its own below one prefix.
func layoutOf(root hostfiles.Root, serverRoot, configFile string) (layoutRow, bool) {
	for _, row := range layouts {
		if slices.Contains(row.serverRoots, serverRoot) && slices.Contains(row.configFiles, configFile) && row.on(root) {
			return row, true
		}
	}
	return layoutRow{}, false
}

// on reports whether the row is for the distribution of a host.
func (row layoutRow) on(root hostfiles.Root) bool {
	if len(row.distributions) == 0 {
		return true
	}
	release := root.OSRelease()
	ids := append(strings.Fields(release["ID_LIKE"]), release["ID"])
	return slices.ContainsFunc(row.distributions, func(id string) bool { return slices.Contains(ids, id) })
}

// bundledPath is how the path of an httpd from PyPI's mod_wsgi-httpd ends.
const bundledPath = "/mod_wsgi_packages/httpd/bin/httpd"

// ownPrefixRow is the layout of a source build, or of mod_wsgi-httpd, which is
// one whose prefix moves with the virtualenv.
func ownPrefixRow(layout Layout, prefix string) layoutRow {
	prefix = strings.TrimSuffix(prefix, "/")
	return layoutRow{
		layout:  layout,
		modules: []string{prefix + "/modules"},
		envVars: []string{prefix + "/bin/envvars"},
		control: []string{prefix + "/bin/apachectl"},
	}
}
