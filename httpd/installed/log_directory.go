package installed

import "path/filepath"

// logDirectories is where each family's Apache writes its logs.
var logDirectories = map[Layout]string{
	Debian:  "/var/log/apache2",
	SUSE:    "/var/log/apache2",
	Alpine:  "/var/log/apache2",
	RedHat:  "/var/log/httpd",
	Arch:    "/var/log/httpd",
	FreeBSD: "/var/log",
}

// LogDirectory is the folder for logs: the family's, else the one below the
// server root; Homebrew keeps it beside its configuration.
func (a Apache) LogDirectory() string {
	if directory, known := logDirectories[a.Layout]; known {
		return directory
	}
	if a.Layout == Homebrew {
		prefix := filepath.Dir(filepath.Dir(filepath.Dir(a.ConfigFile))) // of etc/httpd/httpd.conf
		return filepath.Join(prefix, "var/log/httpd")
	}
	return filepath.Join(a.ServerRoot, "logs")
}
