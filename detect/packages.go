package detect

import (
	"runtime"
	"strings"
)

// packageRow names, for one family of distributions, the packages that a
// remedy may need. "{X.Y}" stands for Python's version, "{XY}" and "{X_Y}" for
// it without the dot.
type packageRow struct {
	distributions []string // ID or ID_LIKE of os-release; "macos" on macOS
	install       string   // command, packages follow
	httpd         string   // the server
	apxs          string   // its development package
	compiler      string
	python        string // an interpreter with venv
	newPython     string // the newest interpreter that a release in use has
	pythonDev     string // headers and shared library of the distribution's default Python 3
	pythonXYDev   string // of another version of the distribution
	libpython     string // the shared library alone, of any version of the distribution
	locale        string // command that installs en_US.UTF-8; empty where every locale is there
}

// packageRows is the table of package names, looked up by ID first and by
// ID_LIKE then.
var packageRows = []packageRow{
	{
		distributions: []string{"debian", "ubuntu"},
		install:       "apt-get install -y", httpd: "apache2", apxs: "apache2-dev", compiler: "gcc libc6-dev",
		python: "python3 python3-venv", newPython: "python3 python3-venv", pythonDev: "python3-dev", pythonXYDev: "python{X.Y}-dev",
		libpython: "libpython{X.Y}",
		locale:    "apt-get install -y locales && localedef -i en_US -f UTF-8 en_US.UTF-8",
	}, {
		distributions: []string{"fedora", "rhel", "centos", "amzn"},
		install:       "dnf install -y", httpd: "httpd", apxs: "httpd-devel redhat-rpm-config", compiler: "gcc",
		python: "python3", newPython: "python3.12", pythonDev: "python3-devel", pythonXYDev: "python{X.Y}-devel",
		libpython: "python{X.Y}-libs",
		locale:    "dnf install -y glibc-langpack-en",
	}, {
		distributions: []string{"suse", "opensuse", "sles"},
		install:       "zypper --non-interactive install", httpd: "apache2", apxs: "apache2-devel", compiler: "gcc",
		python: "python3", newPython: "python312", pythonDev: "python3-devel", pythonXYDev: "python{XY}-devel",
		libpython: "libpython{X_Y}-1_0",
		locale:    "zypper --non-interactive install glibc-locale",
	}, {
		distributions: []string{"arch"},
		install:       "pacman -S --noconfirm", httpd: "apache", apxs: "apache", compiler: "gcc",
		python: "python", newPython: "python", pythonDev: "python", pythonXYDev: "python",
		libpython: "python",
		locale:    "sed -i 's/^#en_US.UTF-8/en_US.UTF-8/' /etc/locale.gen && locale-gen",
	}, {
		distributions: []string{"alpine"},
		install:       "apk add", httpd: "apache2", apxs: "apache2-dev", compiler: "gcc musl-dev",
		python: "python3", newPython: "python3", pythonDev: "python3-dev", pythonXYDev: "python3-dev",
		libpython: "python3",
	}, {
		distributions: []string{"freebsd"},
		install:       "pkg install -y", httpd: "apache24", apxs: "apache24", compiler: "llvm",
		python: "python3", newPython: "python312", pythonDev: "python3", pythonXYDev: "python{XY}",
		libpython: "python{XY}",
	}, {
		distributions: []string{"macos"},
		install:       "brew install", httpd: "httpd", apxs: "httpd", compiler: "gcc",
		python: "python", newPython: "python", pythonDev: "python", pythonXYDev: "python@{X.Y}",
		libpython: "python@{X.Y}",
	},
}

// packagesOf finds the row of a system; an unknown distribution gives a row
// without an install command.
func packagesOf(s System) packageRow {
	ids := append([]string{s.Distribution}, s.DistributionLike...)
	for _, id := range ids {
		for _, row := range packageRows {
			for _, name := range row.distributions {
				if id != "" && (id == name || strings.HasPrefix(id, name+"-")) {
					return row
				}
			}
		}
	}
	return packageRow{}
}

// command is what installs packages, or a sentence where the distribution is
// not known.
func (row packageRow) command(packages, what string) string {
	if row.install == "" {
		return "install " + what + " with the package manager of this system"
	}
	return row.install + " " + packages
}

// pythonHeaders is the command that brings Python.h for one version.
func (row packageRow) pythonHeaders(minor string, isDefault bool) string {
	packages := row.pythonXYDev
	if isDefault {
		packages = row.pythonDev
	}
	return row.command(ofVersion(packages, minor), "the development package of Python "+minor)
}

// libpythonFor is the command that brings the libpython that a module needs: the
// distribution's where the virtualenv is of its Python, else a new build.
func (row packageRow) libpythonFor(m Module, v Virtualenv) string {
	if v.Home == "/usr/bin" || v.Home == "/usr/local/bin" && runtime.GOOS == "freebsd" {
		return row.command(ofVersion(row.libpython, m.Python), m.Libpython)
	}
	return "wsgictl install-module --force --venv " + ShellArgument(v.Path)
}

func ofVersion(packages, minor string) string {
	return strings.NewReplacer("{X.Y}", minor, "{XY}", strings.ReplaceAll(minor, ".", ""), "{X_Y}", strings.ReplaceAll(minor, ".", "_")).Replace(packages)
}
