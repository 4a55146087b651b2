package detect

import "slices"

// A check looks at the facts for one kind of problem.
type check struct {
	id       string
	severity string
	when     string                    // what the problem is, for its documentation
	find     func(*evidence) []Problem // without id and severity
}

// Severities of a Problem.
const (
	Error   = "error"   // the application will not be served
	Warning = "warning" // it will, with the consequence told
)

// checks is every kind of problem, in the order of a report. To add one, add
// a row here and a case in golden/detect.
var checks = []check{
	{"windows", Error, "The host runs Windows.", onWindows},
	{"no-httpd", Error, "No Apache was found.", noHTTPD},
	{"httpd-fails", Error, "The httpd program does not start, or is none.", httpdFails},
	{"apple-httpd", Error, "The only Apache is the one that macOS brings.", appleHTTPD},
	{"no-apxs", Error, "Apache's development package is not installed.", noAPXS},
	{"apxs-fails", Error, "apxs does not start, or answers nothing.", apxsFails},
	{"apxs-of-other-httpd", Error, "apxs was built with another httpd, or for another module magic number.", apxsOfOther},
	{"no-httpd-headers", Error, "apxs is there, httpd.h is not.", noHTTPDHeaders},
	{"no-apr-headers", Error, "apr.h is in no folder that apxs and apr-1-config name.", noAPR},
	{"no-compiler", Error, "No C compiler is on PATH.", noCompiler},
	{"virtualenv-missing", Error, "The folder named as virtualenv is none.", virtualenvMissing},
	{"virtualenv-broken", Error, "The virtualenv's interpreter or its base is gone, or is now of another version.", virtualenvBroken},
	{"virtualenv-noexec", Error, "The virtualenv is on a file system that is mounted noexec.", virtualenvNoExec},
	{"no-python", Error, "No python3 is on PATH.", noPython},
	{"python-fails", Error, "The interpreter does not start, or is none.", pythonFails},
	{"python-not-supported", Error, "No mod_wsgi release can be built for this Python.", pythonNotSupported},
	{"no-python-headers", Error, "Python.h is not installed.", noPythonHeaders},
	{"no-libpython", Error, "Python was built with a shared library that is not there.", noLibpython},
	{"libpython-not-linkable", Error, "Python has neither a shared library nor a static one that can be part of a module.", libpythonNotLinkable},
	{"module-missing", Error, "LoadModule names a file that is not there.", moduleMissing},
	{"module-of-other-python", Error, "The module in use was compiled for another Python version than the virtualenv's.", moduleOfOtherPython},
	{"module-of-other-apache", Error, "The module was compiled for another module magic number.", moduleOfOtherApache},
	{"module-of-other-architecture", Error, "The module was made for another processor than httpd.", moduleOfOtherArchitecture},
	{"module-too-old-for-musl", Error, "A release before 4.8.0 on a host with musl.", moduleTooOldForMusl},
	{"two-modules-loaded", Error, "The configuration loads wsgi_module twice.", twoModulesLoaded},
	{"libpython-not-found", Error, "The loader would not find the libpython that the module needs.", libpythonNotFound},
	{"unreadable-path", Error, "A script, the virtualenv or its base Python lies behind a folder that the daemon user may not enter.", unreadablePath},
	{"daemon-without-folder", Error, "The daemon processes cannot enter their working folder: home=, or without it the home of their user.", daemonWithoutFolder},
	{"telemetry-unheard", Warning, "Apache runs, and WSGITelemetryService names a socket to which nobody listens.", telemetryUnheard},
	{"libpython-of-other-python", Warning, "The loader would take the libpython of another Python than the virtualenv's base.", libpythonOfOther},
	{"static-libpython", Warning, "Python has no shared library.", staticLibpython},
	{"python-of-others", Warning, "Seen by root: others can change the base Python.", pythonOfOthers},
	{"python-too-old", Warning, "Only older series of mod_wsgi support this Python.", pythonTooOld},
	{"virtualenv-moved", Warning, "The virtualenv was made as another folder.", virtualenvMoved},
	{"locale-not-installed", Warning, "WSGIDaemonProcess asks for a locale that the host does not have.", localeNotInstalled},
	{"no-utf8-locale", Warning, "The host has no UTF-8 locale.", noUTF8Locale},
	{"selinux-enforcing", Warning, "SELinux is enforcing and the virtualenv's label keeps httpd out.", selinuxEnforcing},
}

// A ProblemKind is one kind of problem, as its documentation lists it.
type ProblemKind struct {
	ID, Severity, When string
}

// ProblemKinds lists every problem that Detect can find.
func ProblemKinds() []ProblemKind {
	var kinds []ProblemKind
	for _, c := range checks {
		kinds = append(kinds, ProblemKind{c.id, c.severity, c.when})
	}
	return kinds
}

// evidence is what the checks look at: the facts, and what only detection
// itself saw.
type evidence struct {
	tree
	*Host
	configuration *configuration // of the Apache in use; nil without one
	packages      packages
	request       Request

	programArch string // GOARCH of the httpd program
	apacheErr   error
	apxsErr     error
	pythonErr   error
	venvErr     error
}

// problems runs every check; errors come before warnings.
func (e *evidence) problems() []Problem {
	found := []Problem{}
	for _, c := range checks {
		if e.System.OS == "windows" && c.id != "windows" {
			continue // nothing else matters there
		}
		for _, problem := range c.find(e) {
			problem.ID, problem.Severity = c.id, c.severity
			found = append(found, problem)
		}
	}
	slices.SortStableFunc(found, func(a, b Problem) int { return rank(a) - rank(b) })
	return found
}

func rank(p Problem) int {
	if p.Severity == Error {
		return 0
	}
	return 1
}

// one is the usual result of a check.
func one(cause, consequence, remedy string) []Problem {
	return []Problem{{Cause: cause, Consequence: consequence, Remedy: remedy}}
}
