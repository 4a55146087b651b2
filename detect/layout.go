package detect

import (
	"slices"
	"strings"
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
// in packages.go, and a case in golden/detect.
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
func layoutOf(serverRoot, configFile string, system System) (layoutRow, bool) {
	for _, row := range layouts {
		if slices.Contains(row.serverRoots, serverRoot) && slices.Contains(row.configFiles, configFile) && row.on(system) {
			return row, true
		}
	}
	return layoutRow{}, false
}

// on reports whether the row is for the distribution.
func (row layoutRow) on(system System) bool {
	if len(row.distributions) == 0 {
		return true
	}
	return slices.ContainsFunc(row.distributions, system.isLike)
}

// isLike reports whether the distribution is the named one or made from it.
func (s System) isLike(id string) bool {
	return s.Distribution == id || slices.Contains(s.DistributionLike, id)
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
