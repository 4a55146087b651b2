package installed

// Packages names, for one family of distributions, what its package manager has of
// Apache and of what modules for it are built with. "{X.Y}" stands for Python's
// version, "{XY}" and "{X_Y}" for it without the dot.
type Packages struct {
	Install     string // command, packages follow
	HTTPD       string // the server
	APXS        string // its development package
	Compiler    string
	Python      string // an interpreter with venv
	NewPython   string // the newest interpreter that a release in use has
	PythonDev   string // headers and shared library of the distribution's default Python 3
	PythonXYDev string // of another version of the distribution
	Libpython   string // the shared library alone, of any version of the distribution
	Locale      string // command that installs en_US.UTF-8; empty where every locale is there
}

// PackagesFor gives the names of the first of the distributions that is known, as ID
// and ID_LIKE of os-release name them, "macos" on macOS; else none.
func PackagesFor(distributions []string) Packages {
	row, _ := platformFor(distributions)
	return row.packages
}
