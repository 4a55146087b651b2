package detect

import "slices"

// A check looks at the facts for one kind of problem.
type check struct {
	id       string
	severity string
	find     func(*evidence) []Problem // without id and severity
}

// Severities of a Problem.
const (
	Error   = "error"   // the application will not be served
	Warning = "warning" // it will, with the consequence told
)

// checks is every kind of problem, in the order of a report. To add one, add
// a row, a case in testdata, and a line in docs/detect.md.
var checks = []check{
	{"windows", Error, onWindows},
	{"no-httpd", Error, noHTTPD},
	{"httpd-fails", Error, httpdFails},
	{"apple-httpd", Error, appleHTTPD},
	{"no-apxs", Error, noAPXS},
	{"apxs-fails", Error, apxsFails},
	{"apxs-of-other-httpd", Error, apxsOfOther},
	{"no-httpd-headers", Error, noHTTPDHeaders},
	{"no-apr-headers", Error, noAPR},
	{"no-compiler", Error, noCompiler},
	{"virtualenv-missing", Error, virtualenvMissing},
	{"virtualenv-broken", Error, virtualenvBroken},
	{"no-python", Error, noPython},
	{"python-fails", Error, pythonFails},
	{"python-not-supported", Error, pythonNotSupported},
	{"no-python-headers", Error, noPythonHeaders},
	{"no-libpython", Error, noLibpython},
	{"module-missing", Error, moduleMissing},
	{"module-of-other-python", Error, moduleOfOtherPython},
	{"module-of-other-apache", Error, moduleOfOtherApache},
	{"module-of-other-architecture", Error, moduleOfOtherArchitecture},
	{"module-too-old-for-musl", Error, moduleTooOldForMusl},
	{"two-modules-loaded", Error, twoModulesLoaded},
	{"libpython-not-found", Error, libpythonNotFound},
	{"unreadable-path", Error, unreadablePath},
	{"libpython-of-other-python", Warning, libpythonOfOther},
	{"static-libpython", Warning, staticLibpython},
	{"python-too-old", Warning, pythonTooOld},
	{"virtualenv-moved", Warning, virtualenvMoved},
	{"locale-not-installed", Warning, localeNotInstalled},
	{"no-utf8-locale", Warning, noUTF8Locale},
	{"selinux-enforcing", Warning, selinuxEnforcing},
}

// ProblemIDs lists the id of every problem that Detect can find.
func ProblemIDs() []string {
	var ids []string
	for _, c := range checks {
		ids = append(ids, c.id)
	}
	return ids
}

// evidence is what the checks look at: the facts, and what only detection
// itself saw.
type evidence struct {
	tree
	*Host
	scan     *configScan // of the Apache in use; nil without one
	packages packageRow
	request  Request

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
