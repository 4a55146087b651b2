package detect

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/wsgictl/wsgictl/hostfiles"
	"github.com/wsgictl/wsgictl/trust"
)

// NoWorkingFolder is the consequence of a working folder that daemon processes
// cannot enter.
const NoWorkingFolder = "its processes exit and are started again 20 s later, without end (WSGI0009, WSGI0010), and requests wait until 504"

// WorkingFolder says why the processes of a daemon process group that run as
// user cannot enter their working folder, as each release of mod_wsgi has them
// do (wsgi_setup_access): the one of home=, or else the home of the account,
// where that is not the one of Apache's own processes. It is empty where they
// can, and where that cannot be told. Root stands for "/", and empty for the
// running system.
func WorkingFolder(root, user, home, apacheUser string) (problem string) {
	return treeAt(strings.TrimSuffix(root, "/")).workingFolder(user, home, apacheUser)
}

func (t tree) workingFolder(user, home, apacheUser string) string {
	who, known := t.Account(user)
	if !known {
		return ""
	}
	if home != "" {
		return t.cannotEnter(home, "the folder of home=", who)
	}
	if apache, known := t.Account(apacheUser); known && apache.UID == who.UID {
		return ""
	}
	if who.Home == "" {
		return fmt.Sprintf("the account %s has no home folder", who)
	}
	return t.cannotEnter(who.Home, "the home of the account "+who.String(), who)
}

// cannotEnter says what keeps an account from entering a folder.
func (t tree) cannotEnter(folder, role string, who trust.Account) string {
	if !filepath.IsAbs(folder) || t.leavesRoot(folder) {
		return ""
	}
	info, err := os.Stat(t.At(folder))
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		return fmt.Sprintf("%s, %s, is not there", role, folder)
	case err != nil:
		return ""
	case !info.IsDir():
		return fmt.Sprintf("%s, %s, is no folder", role, folder)
	}
	if barrier := t.barrierTo(folder, who, hostfiles.ToEnter); barrier != "" {
		return fmt.Sprintf("%s, %s, may not be entered by %s (%s bars the way)", role, folder, who, barrier)
	}
	return ""
}

// leavesRoot tells whether a link on the way could lead out of the folder that
// stands for "/".
func (t tree) leavesRoot(path string) bool {
	for at := path; !t.IsHere() && at != "/"; at = filepath.Dir(at) {
		if _, err := os.Readlink(t.At(at)); err == nil {
			return true
		}
	}
	return false
}

// daemonWithoutFolder are groups whose processes cannot enter their working
// folder.
func daemonWithoutFolder(e *evidence) []Problem {
	if e.configuration == nil || e.Apache == nil {
		return nil
	}
	var found []Problem
	for _, daemon := range e.configuration.daemons {
		if daemon.chroot {
			continue
		}
		user := daemon.user
		if user == "" {
			user = e.Apache.User
		}
		if problem := e.workingFolder(user, daemon.home, e.Apache.User); problem != "" {
			found = append(found, Problem{
				Cause:       fmt.Sprintf("daemon process group %s: %s", daemon.name, problem),
				Consequence: NoWorkingFolder,
				Remedy:      "name a folder that its user may enter with home= of WSGIDaemonProcess " + daemon.name,
			})
		}
	}
	return found
}
