package installer

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/installed"
)

// apxsConfig is the module apxs_config.py that setup.py writes at build time
// and mod_wsgi-express reads: where Apache's programs and modules are. For the
// Apache that comes as a Python package the folders are found at run time, so
// that the virtualenv may be moved.
func apxsConfig(apache *detect.Apache) string {
	headers := apache.Headers
	var text strings.Builder
	text.WriteString("import os\nimport posixpath\n\n")
	if apache.Layout == installed.Bundled {
		text.WriteString(`WITH_HTTPD_PACKAGE = True

from mod_wsgi_packages.httpd import __file__ as PACKAGES_ROOTDIR
PACKAGES_ROOTDIR = posixpath.dirname(PACKAGES_ROOTDIR)
BINDIR = posixpath.join(PACKAGES_ROOTDIR, 'bin')
SBINDIR = BINDIR
LIBEXECDIR = posixpath.join(PACKAGES_ROOTDIR, 'modules')
SHLIBPATH = posixpath.join(PACKAGES_ROOTDIR, 'lib')
`)
	} else {
		text.WriteString("WITH_HTTPD_PACKAGE = False\n\n")
		fmt.Fprintf(&text, "BINDIR = %s\n", pythonString(headers.BinDir))
		fmt.Fprintf(&text, "SBINDIR = %s\n", pythonString(headers.SbinDir))
		fmt.Fprintf(&text, "LIBEXECDIR = %s\n", pythonString(headers.LibexecDir))
		text.WriteString("SHLIBPATH = ''\n")
	}
	fmt.Fprintf(&text, "\nMPM_NAME = %s\n", pythonString(headers.MPMName))
	fmt.Fprintf(&text, "PROGNAME = %s\n", pythonString(headers.ProgName))
	fmt.Fprintf(&text, "SHLIBPATH_VAR = %s\n", pythonString(headers.ShlibPath))
	text.WriteString(`

def _program(name):
    for folder in (SBINDIR, BINDIR):
        path = posixpath.join(folder, name)
        if os.path.exists(path):
            return path
    return name


HTTPD = _program(PROGNAME)
ROTATELOGS = _program('rotatelogs')
`)
	return text.String()
}

// pythonString writes a Python string literal that both of Python's major
// versions read back as value.
func pythonString(value string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`, "\n", `\n`).Replace(value) + "'"
}
