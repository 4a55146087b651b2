package cli

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/trust"
)

// fixStores are where the fixes of the configuration in a folder may be journaled: the
// first that can hold the journal does. Root's are the system's alone, those of others
// by the XDG base directories. Many an account has no home folder, or cannot write
// there, as in containers: what it fixes is journaled beside it, where no name can be
// taken first by somebody who could not change the configuration as well.
func fixStores(folder string) []string {
	if os.Geteuid() == 0 {
		return []string{filepath.Join(rootsState(), stateName(folder))}
	}
	beside := filepath.Join(folder, besideName)
	if state := usersState(); state != "" {
		return []string{filepath.Join(state, stateName(folder)), beside}
	}
	return []string{beside}
}

// besideName is the folder of a journal beside the files that it is about, as long as
// it lasts.
const besideName = ".wsgictl"

// usersState is where an account keeps its stores; empty where it has no home.
func usersState() string {
	account, _ := trust.HostAccounts().Lookup("#" + strconv.Itoa(os.Geteuid()))
	home := cmp.Or(os.Getenv("HOME"), account.Home)
	switch dir := os.Getenv("XDG_STATE_HOME"); {
	case filepath.IsAbs(dir):
		return filepath.Join(dir, "wsgictl")
	case filepath.IsAbs(home):
		return filepath.Join(home, ".local/state/wsgictl")
	}
	return ""
}

// canHold tells whether a folder is one that this account can write, or can make,
// and that others cannot lead elsewhere.
func canHold(dir string) bool {
	if err := trust.RootAndCaller().Check(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false
	}
	err := unix.Access(dir, unix.W_OK|unix.X_OK)
	for errors.Is(err, fs.ErrNotExist) && dir != filepath.Dir(dir) {
		dir = filepath.Dir(dir)
		err = unix.Access(dir, unix.W_OK|unix.X_OK)
	}
	return err == nil
}

// longestName is less than a file's name may have on any usual file system.
const longestName = 200

// stateName is the name of the store for a folder.
func stateName(folder string) string {
	name := dashed(folder)
	if len(name) <= longestName {
		return name
	}
	return name[:longestName] + "-" + store.Digest([]byte(folder))[:8]
}
