package httpdtest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// A Layout is where the files of an httpd are on some family of systems.
type Layout struct {
	Program string // httpd
	Config  string // main configuration file

	configure []string          // what its package gives the configure script
	ends      string            // what its package has at the end of the main configuration file
	files     map[string]string // further files of the package
}

// Layouts are those for which an httpd can be had with Root: by one of the
// layouts that httpd's configure script knows and, where a distribution changes
// that, by the arguments that the distribution's package gives. That of the
// machine's own httpd is "Debian".
var Layouts = map[string]Layout{
	"Debian": {Program: "/usr/sbin/apache2", Config: "/etc/apache2/apache2.conf"},
	"RedHat": {
		Program: "/usr/sbin/httpd", Config: "/etc/httpd/conf/httpd.conf",
		configure: []string{
			"--enable-layout=RedHat", "--prefix=/etc/httpd", "--exec-prefix=/usr", "--bindir=/usr/bin", "--sbindir=/usr/sbin",
			"--libexecdir=/usr/lib64/httpd/modules", "--sysconfdir=/etc/httpd/conf",
		},
		ends: "Include conf.modules.d/*.conf\nIncludeOptional conf.d/*.conf\n",
		files: map[string]string{
			"/etc/httpd/conf.modules.d/10-wsgi-python3.conf": packagesModule, "/etc/httpd/conf.d/welcome.conf": "# theirs\n",
		},
	},
	"SuSE": {
		Program: "/usr/sbin/httpd", Config: "/etc/apache2/httpd.conf",
		configure: []string{
			"--enable-layout=SuSE", "--prefix=/srv/www", "--exec-prefix=/usr", "--bindir=/usr/bin", "--sbindir=/usr/sbin",
			"--libexecdir=/usr/lib64/apache2", "--sysconfdir=/etc/apache2",
		},
		ends: "IncludeOptional /etc/apache2/conf.d/*.conf\nIncludeOptional /etc/apache2/vhosts.d/*.conf\n",
		files: map[string]string{
			"/etc/apache2/conf.d/theirs.conf": "# theirs\n", "/etc/apache2/vhosts.d/theirs.conf": "# theirs\n", "/srv/www/htdocs/index.html": "",
		},
	},
	"Arch": {
		Program: "/usr/bin/httpd", Config: "/etc/httpd/conf/httpd.conf",
		configure: []string{
			"--enable-layout=RedHat", "--prefix=/etc/httpd", "--exec-prefix=/usr", "--bindir=/usr/bin", "--sbindir=/usr/bin",
			"--libexecdir=/usr/lib/httpd/modules", "--sysconfdir=/etc/httpd/conf",
		},
		files: map[string]string{"/etc/os-release": "ID=arch\n"},
	},
	"Alpine": {
		Program: "/usr/sbin/httpd", Config: "/etc/apache2/httpd.conf",
		configure: []string{
			"--enable-layout=RedHat", "--prefix=/var/www", "--exec-prefix=/usr", "--bindir=/usr/bin", "--sbindir=/usr/sbin",
			"--libexecdir=/usr/lib/apache2", "--sysconfdir=/etc/apache2",
		},
		ends: "IncludeOptional /etc/apache2/conf.d/*.conf\n",
		files: map[string]string{
			"/etc/os-release": "ID=alpine\n", "/etc/apache2/conf.d/wsgi-module.conf": packagesModule,
		},
	},
	"Homebrew": {
		Program: "/opt/homebrew/opt/httpd/bin/httpd", Config: "/opt/homebrew/etc/httpd/httpd.conf",
		configure: []string{
			"--enable-layout=GNU", "--prefix=/opt/homebrew/opt/httpd", "--sbindir=/opt/homebrew/opt/httpd/bin",
			"--libexecdir=/opt/homebrew/opt/httpd/lib/httpd/modules", "--sysconfdir=/opt/homebrew/etc/httpd", "--localstatedir=/opt/homebrew/var",
		},
		files: map[string]string{"/opt/homebrew/var/log/httpd/access_log": ""},
	},
	"FreeBSD": {
		Program: "/usr/local/sbin/httpd", Config: "/usr/local/etc/apache24/httpd.conf",
		configure: []string{"--enable-layout=FreeBSD", "--libexecdir=/usr/local/libexec/apache24", "--sysconfdir=/usr/local/etc/apache24"},
		ends:      "IncludeOptional etc/apache24/modules.d/[0-9][0-9][0-9]_*.conf\nIncludeOptional etc/apache24/Includes/*.conf\n",
		files: map[string]string{
			"/usr/local/etc/apache24/modules.d/270_mod_wsgi.conf": packagesModule, "/usr/local/etc/apache24/Includes/no-accf.conf": "# theirs\n",
		},
	},
	"GNU": {
		Program: "/usr/local/sbin/httpd", Config: "/usr/local/etc/apache2/httpd.conf",
		configure: []string{"--enable-layout=GNU"},
	},
	"opt": {
		Program: "/opt/apache/sbin/httpd", Config: "/etc/opt/apache/httpd.conf",
		configure: []string{"--enable-layout=opt"},
	},
}

// packagesModule is how packages load their mod_wsgi.
const packagesModule = "<IfModule !wsgi_module>\n    LoadModule wsgi_module /usr/lib/apache2/modules/mod_wsgi.so\n</IfModule>\n"

// complete adds below root what the distribution's package has beside what
// "make install" leaves.
func (l Layout) complete(root string) error {
	main := filepath.Join(root, l.Config)
	text, err := os.ReadFile(main)
	if err != nil {
		return err
	}
	if !strings.Contains(string(text), "\nListen 80\n") {
		return fmt.Errorf("%s does not listen on port 80", main)
	}
	if err := os.WriteFile(main, append(text, "ServerName localhost\n"+l.ends...), 0o644); err != nil {
		return err
	}
	for name, text := range l.files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return os.RemoveAll(filepath.Join(root, "var/run")) // which is a link on the machine over whose files it is laid
}
