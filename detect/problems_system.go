package detect

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/hostfiles"
	"github.com/wsgictl/wsgictl/trust"
)

// unreadablePath walks to each path that the server reads, as each user that
// reads it. One barrier is one problem, however many paths lie behind it.
func unreadablePath(e *evidence) []Problem { return e.unreadable(e.daemonPaths()) }

func (e *evidence) unreadable(paths []ReadPath) []Problem {
	var found []Problem
	rights, unit := e.Rights(), e.unit()
	accounts := e.accountsOf(paths)
	told := map[[2]string]bool{} // barriers, with the users whom they keep out
	for _, path := range paths {
		if problem, hidden := unit.hides(path); hidden {
			found = append(found, problem)
			continue
		}
		for _, user := range path.Readers {
			who, known := accounts[user]
			if !known {
				continue
			}
			barriers := rights.Route(path.Path).Barriers(who, hostfiles.ToRead)
			if len(barriers) == 0 || told[[2]string{barriers[0].At, who.Name}] {
				continue
			}
			barrier := barriers[0].At
			told[[2]string{barrier, who.Name}] = true
			found = append(found, Problem{
				Cause:       fmt.Sprintf("user %s may not read %s (%s): %s bars the way", who.Name, path.Path, path.Role, barrier),
				Consequence: path.Consequence,
				Remedy:      e.toLetRead(path, barrier, who),
			})
		}
	}
	return found
}

// accountsOf are the accounts that read some paths, by their names, as far as the host
// knows them.
func (e *evidence) accountsOf(paths []ReadPath) map[string]trust.Account {
	all, accounts := e.Accounts(), map[string]trust.Account{}
	looked := map[string]bool{}
	for _, path := range paths {
		for _, user := range path.Readers {
			if looked[user] {
				continue
			}
			looked[user] = true
			if account, known := all.Lookup(user); known {
				accounts[user] = account
			}
		}
	}
	return accounts
}

// daemonUsers are the users that daemon processes run as: those that
// WSGIDaemonProcess lines name, else Apache's own.
func (e *evidence) daemonUsers() []string {
	if len(e.configuration.daemonUsers) == 0 {
		return hostfiles.NonEmpty([]string{e.Apache.User})
	}
	var users []string
	for _, user := range e.configuration.daemonUsers {
		users = appendNew(users, cmp.Or(user, e.Apache.User))
	}
	return hostfiles.NonEmpty(users)
}

// A ReadPath is a path that the server reads.
type ReadPath struct {
	Path        string
	Role        string   // what it is: "the virtualenv"
	Consequence string   // of its not being readable
	Readers     []string // the users that read it
}

// Unreadable gives those paths that one of their readers cannot read, with
// what bars the way and the command that opens it.
func (h *Host) Unreadable(paths []ReadPath) []Problem {
	return (&evidence{Host: h}).unreadable(paths)
}

// CrashLoop is the consequence of a Python that cannot start.
const CrashLoop = "Python cannot start: daemon processes crash, are started again each second, and clients hang"

// daemonPaths lists what daemon processes read to start Python, their sockets,
// and the scripts, which Apache's own processes look at too.
func (e *evidence) daemonPaths() []ReadPath {
	if e.Apache == nil {
		return nil
	}
	users := e.daemonUsers()
	var paths []ReadPath
	if v := e.Virtualenv; v != nil {
		paths = append(paths,
			ReadPath{v.Path, "the virtualenv", CrashLoop, users},
			ReadPath{v.SitePackages, "the virtualenv's packages", "imports fail: ModuleNotFoundError", users})
	}
	if e.Virtualenv != nil && e.Python != nil {
		paths = append(paths, ReadPath{e.Python.PlatStdlib, "the standard library of the virtualenv's base Python", CrashLoop, users})
		if e.Python.Libpython != "" {
			paths = append(paths, ReadPath{e.Python.Libpython, "the libpython of the virtualenv's base Python", CrashLoop, users})
		}
	}
	if prefix := e.configuration.socketPrefix; prefix != "" && len(e.configuration.daemonUsers) > 0 && !startsWithAny(prefix, "/tmp/", "/var/tmp/") {
		// Apache's own processes only pass the folder: they need not read it.
		paths = append(paths, ReadPath{prefix + ".sock", "the sockets of the daemon processes", "each request for a daemon is answered with 503 (WSGI0117)", hostfiles.NonEmpty([]string{e.Apache.User})})
	}
	readers := appendNew(slices.Clone(users), e.Apache.User)
	for _, script := range e.configuration.scripts {
		if e.Exists(script) {
			paths = append(paths, ReadPath{script, "a script that the configuration names", "each request for it is answered with 403 or 500", readers})
		}
	}
	return paths
}

// localeNotInstalled is a locale that the configuration asks for and the host
// does not have.
func localeNotInstalled(e *evidence) []Problem {
	if e.configuration == nil {
		return nil
	}
	var found []Problem
	for _, locale := range e.configuration.locales {
		if e.System.HasLocale(locale) {
			continue
		}
		found = append(found, Problem{
			Cause:       fmt.Sprintf("WSGIDaemonProcess asks for the locale %s, which is not installed", locale),
			Consequence: "the daemon processes run in the C locale: UnicodeEncodeError, garbled file names and logs",
			Remedy:      e.installLocale(locale),
		})
	}
	return found
}

func (e *evidence) installLocale(locale string) string {
	if e.packages.Locale == "" || normalLocale(locale) != "en_US.utf8" {
		return "use locale=C.UTF-8 in WSGIDaemonProcess"
	}
	return e.packages.Locale
}

func noUTF8Locale(e *evidence) []Problem {
	if e.System.OS == "windows" || len(e.System.Locales) == 0 {
		return nil
	}
	for _, locale := range e.System.Locales {
		if strings.HasSuffix(normalLocale(locale), ".utf8") {
			return nil
		}
	}
	return one("no UTF-8 locale is installed",
		"applications run in the C locale: UnicodeEncodeError, garbled file names and logs",
		cmp.Or(e.packages.Locale, "install a UTF-8 locale such as C.UTF-8"))
}

// readableTypes begin the SELinux types that httpd's domain may read and map
// under the targeted policy.
var readableTypes = []string{"httpd_", "lib_t", "usr_t", "bin_t", "textrel_shlib_t", "public_content"}

// selinuxEnforcing is a virtualenv whose label keeps httpd's domain out. An
// unlabelled tree (no SELinux attribute to read) is told of too: only a label
// known to be fit says that all is well.
func selinuxEnforcing(e *evidence) []Problem {
	v := e.Virtualenv
	if e.System.SELinux != "enforcing" || v == nil {
		return nil
	}
	label := selinuxLabel(e.At(v.SitePackages))
	kind := "none"
	if fields := strings.Split(label, ":"); len(fields) > 2 {
		kind = fields[2]
	}
	for _, prefix := range readableTypes {
		if strings.HasPrefix(kind, prefix) {
			return nil
		}
	}
	modules := filepath.Join(v.SitePackages, `mod_wsgi/server/.*\.so`)
	return one(fmt.Sprintf("SELinux is enforcing, and the type of %s is %s", v.SitePackages, kind),
		"Apache may not load the module or read the virtualenv (\"Permission denied\", \"failed to map segment\")",
		strings.Join([]string{fileContext("httpd_sys_content_t", v.Path+"(/.*)?"), fileContext("httpd_modules_t", modules), restoreLabels(v.Path)}, " && "))
}
