package installed

// platforms is the one table of what is known of each family. To add a platform, add
// a row, and a case in golden/detect.
var platforms = []platform{
	{
		layout: Debian, distributions: []string{"debian", "ubuntu"},
		serverRoots: []string{"/etc/apache2"}, configFiles: []string{"apache2.conf"},
		modules: []string{"/usr/lib/apache2/modules"},
		envVars: []string{"/etc/apache2/envvars"},
		control: []string{"/usr/sbin/apache2ctl", "/usr/sbin/apachectl"},
		unit:    "apache2.service",
		logs:    "/var/log/apache2",
		managed: "md",
		places: Places{
			Name:    "wsgictl",
			Load:    Place{Folder: "mods-available", Suffix: ".load", Enabled: "mods-enabled", Markers: "module", Enable: "a2enmod", Disable: "a2dismod"},
			Config:  Place{Folder: "conf-available", Suffix: ".conf", Enabled: "conf-enabled", Markers: "conf", Enable: "a2enconf", Disable: "a2disconf"},
			Site:    Place{Folder: "sites-available", Suffix: ".conf", Enabled: "sites-enabled", Markers: "site", Enable: "a2ensite", Disable: "a2dissite"},
			Scripts: "wsgictl", Tree: ".",
		},
		state:  "/var/lib/apache2",
		module: "mods-available/wsgi_express.load",
		packages: Packages{
			Install: "apt-get install -y", HTTPD: "apache2", APXS: "apache2-dev", Compiler: "gcc libc6-dev",
			Python: "python3 python3-venv", NewPython: "python3 python3-venv", PythonDev: "python3-dev", PythonXYDev: "python{X.Y}-dev",
			Libpython: "libpython{X.Y}",
			Locale:    "apt-get install -y locales && localedef -i en_US -f UTF-8 en_US.UTF-8",
		},
	}, {
		layout: RedHat, distributions: []string{"fedora", "rhel", "centos", "amzn"},
		serverRoots: []string{"/etc/httpd"}, configFiles: []string{"conf/httpd.conf"},
		modules: []string{"/usr/lib64/httpd/modules", "/usr/lib/httpd/modules"},
		envVars: []string{"/etc/sysconfig/httpd"},
		control: []string{"/usr/sbin/apachectl", "/usr/bin/apachectl"},
		unit:    "httpd.service",
		logs:    "/var/log/httpd",
		places: Places{
			Name:    "10-wsgictl",
			Load:    Place{Folder: "../conf.modules.d", Suffix: ".conf"},
			Config:  Place{Folder: "../conf.d", Prefix: "01-", Suffix: ".conf"},
			Site:    Place{Folder: "../conf.d", Prefix: "wsgictl-", Suffix: ".conf"},
			Scripts: "../wsgictl", Tree: "..",
		},
		module: "../conf.modules.d/10-wsgi-python3.conf",
		packages: Packages{
			Install: "dnf install -y", HTTPD: "httpd", APXS: "httpd-devel redhat-rpm-config", Compiler: "gcc",
			Python: "python3", NewPython: "python3.12", PythonDev: "python3-devel", PythonXYDev: "python{X.Y}-devel",
			Libpython: "python{X.Y}-libs",
			Locale:    "dnf install -y glibc-langpack-en",
		},
	}, {
		layout: SUSE, distributions: []string{"suse", "opensuse", "sles"},
		serverRoots: []string{"/srv/www"}, configFiles: []string{"/etc/apache2/httpd.conf"},
		modules: []string{"/usr/lib64/apache2", "/usr/lib/apache2"},
		envVars: []string{"/etc/sysconfig/apache2"},
		control: []string{"/usr/sbin/apachectl", "/usr/sbin/apache2ctl"},
		unit:    "apache2.service",
		logs:    "/var/log/apache2",
		places: Places{
			Name:    "00-wsgictl",
			Load:    Place{Folder: "conf.d", Suffix: ".conf"},
			Config:  Place{Folder: "conf.d", Prefix: "01-", Suffix: ".conf"},
			Site:    Place{Folder: "vhosts.d", Suffix: ".conf"},
			Scripts: "wsgictl", Tree: ".",
		},
		module: "conf.d/wsgi.conf",
		packages: Packages{
			Install: "zypper --non-interactive install", HTTPD: "apache2", APXS: "apache2-devel", Compiler: "gcc",
			Python: "python3", NewPython: "python312", PythonDev: "python3-devel", PythonXYDev: "python{XY}-devel",
			Libpython: "libpython{X_Y}-1_0",
			Locale:    "zypper --non-interactive install glibc-locale",
		},
	}, {
		layout: Arch, distributions: []string{"arch"},
		serverRoots: []string{"/etc/httpd"}, configFiles: []string{"conf/httpd.conf"},
		modules: []string{"/usr/lib/httpd/modules"},
		control: []string{"/usr/bin/apachectl"},
		unit:    "httpd.service",
		logs:    "/var/log/httpd",
		places:  ownFolder,
		packages: Packages{
			Install: "pacman -S --noconfirm", HTTPD: "apache", APXS: "apache", Compiler: "gcc",
			Python: "python", NewPython: "python", PythonDev: "python", PythonXYDev: "python",
			Libpython: "python",
			Locale:    "sed -i 's/^#en_US.UTF-8/en_US.UTF-8/' /etc/locale.gen && locale-gen",
		},
	}, {
		layout: Alpine, distributions: []string{"alpine"},
		serverRoots: []string{"/var/www"}, configFiles: []string{"/etc/apache2/httpd.conf"},
		modules: []string{"/usr/lib/apache2"},
		envVars: []string{"/etc/conf.d/apache2"},
		control: []string{"/usr/sbin/apachectl"},
		logs:    "/var/log/apache2",
		places: Places{
			Name:    "00-wsgictl",
			Load:    Place{Folder: "conf.d", Suffix: ".conf"},
			Config:  Place{Folder: "conf.d", Prefix: "01-", Suffix: ".conf"},
			Site:    Place{Folder: "conf.d", Prefix: "wsgictl-", Suffix: ".conf"},
			Scripts: "wsgictl", Tree: ".",
		},
		module: "conf.d/wsgi.conf",
		packages: Packages{
			Install: "apk add", HTTPD: "apache2", APXS: "apache2-dev", Compiler: "gcc musl-dev",
			Python: "python3", NewPython: "python3", PythonDev: "python3-dev", PythonXYDev: "python3-dev",
			Libpython: "python3",
		},
	}, {
		layout: FreeBSD, distributions: []string{"freebsd"},
		serverRoots: []string{"/usr/local"}, configFiles: []string{"etc/apache24/httpd.conf"},
		modules: []string{"/usr/local/libexec/apache24"},
		envVars: []string{"/usr/local/sbin/envvars"},
		control: []string{"/usr/local/sbin/apachectl"},
		logs:    "/var/log",
		places: Places{
			Name:    "280_wsgictl",
			Load:    Place{Folder: "modules.d", Suffix: ".conf"},
			Config:  Place{Folder: "Includes", Prefix: "01-", Suffix: ".conf"},
			Site:    Place{Folder: "Includes", Prefix: "wsgictl-", Suffix: ".conf"},
			Scripts: "wsgictl", Tree: ".",
		},
		module: "modules.d/250_mod_wsgi.conf",
		packages: Packages{
			Install: "pkg install -y", HTTPD: "apache24", APXS: "apache24", Compiler: "llvm",
			Python: "python3", NewPython: "python312", PythonDev: "python3", PythonXYDev: "python{XY}",
			Libpython: "python{XY}",
		},
	}, {
		layout: Homebrew, distributions: []string{"macos"},
		serverRoots: []string{"/opt/homebrew/opt/httpd", "/usr/local/opt/httpd", "/home/linuxbrew/.linuxbrew/opt/httpd"},
		configFiles: []string{"/opt/homebrew/etc/httpd/httpd.conf", "/usr/local/etc/httpd/httpd.conf", "/home/linuxbrew/.linuxbrew/etc/httpd/httpd.conf"},
		modules:     []string{"/opt/homebrew/opt/httpd/lib/httpd/modules", "/usr/local/opt/httpd/lib/httpd/modules", "/home/linuxbrew/.linuxbrew/opt/httpd/lib/httpd/modules"},
		envVars:     []string{"/opt/homebrew/opt/httpd/bin/envvars", "/usr/local/opt/httpd/bin/envvars", "/home/linuxbrew/.linuxbrew/opt/httpd/bin/envvars"},
		control:     []string{"/opt/homebrew/bin/apachectl", "/usr/local/bin/apachectl", "/home/linuxbrew/.linuxbrew/bin/apachectl"},
		logs:        "../../var/log/httpd", // beside opt
		places:      ownFolder,
		packages: Packages{
			Install: "brew install", HTTPD: "httpd", APXS: "httpd", Compiler: "gcc",
			Python: "python", NewPython: "python", PythonDev: "python", PythonXYDev: "python@{X.Y}",
			Libpython: "python@{X.Y}",
		},
	}, {
		layout:      Source,
		serverRoots: []string{"/usr/local/apache2"}, configFiles: []string{"conf/httpd.conf"}, // where none is given to configure
		modules: []string{"modules"},
		envVars: []string{"bin/envvars"},
		control: []string{"bin/apachectl"},
		logs:    "logs",
		places:  ownFolder,
	}, {
		layout:  Bundled,
		modules: []string{"modules"},
		envVars: []string{"bin/envvars"},
		control: []string{"bin/apachectl"},
		logs:    "logs",
	},
}

// ownFolder is for families that have no folder for such files: one of wsgictl's own,
// which the main configuration file is made to read.
var ownFolder = Places{
	Name:    "00-wsgictl",
	Load:    Place{Folder: "wsgictl", Suffix: ".conf"},
	Config:  Place{Folder: "wsgictl", Prefix: "01-", Suffix: ".conf"},
	Site:    Place{Folder: "wsgictl", Prefix: "wsgictl-", Suffix: ".conf"},
	Scripts: "wsgictl", Tree: ".",
	Include: "wsgictl/*.conf",
}
