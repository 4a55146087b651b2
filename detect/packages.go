package detect

import (
	"runtime"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/installed"
)

// packages says what to install on a system.
type packages struct{ installed.Packages }

// packagesOf gives the names of a system; an unknown distribution has no command.
func packagesOf(s System) packages {
	return packages{installed.PackagesFor(append([]string{s.Distribution}, s.DistributionLike...))}
}

// command is what installs packages, or a sentence where the distribution is
// not known.
func (p packages) command(names, what string) string {
	if p.Install == "" {
		return "install " + what + " with the package manager of this system"
	}
	return p.Install + " " + names
}

// pythonHeaders is the command that brings Python.h for one version.
func (p packages) pythonHeaders(minor string, isDefault bool) string {
	names := p.PythonXYDev
	if isDefault {
		names = p.PythonDev
	}
	return p.command(ofVersion(names, minor), "the development package of Python "+minor)
}

// libpythonFor is the command that brings the libpython that a module needs: the
// distribution's where the virtualenv is of its Python, else a new build.
func (p packages) libpythonFor(m Module, v Virtualenv) string {
	if v.Home == "/usr/bin" || v.Home == "/usr/local/bin" && runtime.GOOS == "freebsd" {
		return p.command(ofVersion(p.Libpython, m.Python), m.Libpython)
	}
	return "wsgictl install-module --force --venv " + ShellArgument(v.Path)
}

func ofVersion(names, minor string) string {
	return strings.NewReplacer("{X.Y}", minor, "{XY}", strings.ReplaceAll(minor, ".", ""), "{X_Y}", strings.ReplaceAll(minor, ".", "_")).Replace(names)
}
