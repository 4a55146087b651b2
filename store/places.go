package store

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/trust"
)

// RootsFolder is where root's stores are.
func RootsFolder() string {
	if runtime.GOOS == "linux" {
		return "/var/lib/wsgictl"
	}
	return "/var/db/wsgictl"
}

// PlaceOfRoot is root's store for what is changed in a folder.
func PlaceOfRoot(folder string) string { return filepath.Join(RootsFolder(), nameFor(folder)) }

// Places are where this account may have its store for what it changes in a folder:
// the first that [CanHold] one does. Root's are the system's alone, those of others by
// the XDG base directories. Many an account has no home folder, or cannot write there,
// as in containers: its store is beside what it changes, where no name can be taken
// first by somebody who could not change that as well.
func Places(folder string) []string {
	if os.Geteuid() == 0 {
		return []string{PlaceOfRoot(folder)}
	}
	beside := filepath.Join(folder, besideName)
	if state := UsersFolder(); state != "" {
		return []string{filepath.Join(state, nameFor(folder)), beside}
	}
	return []string{beside}
}

// besideName is the folder of a store beside the files that it is about, as long as it
// lasts.
const besideName = ".wsgictl"

// UsersFolder is where this account keeps its stores, and whatever else of wsgictl's is
// to last; empty where it has no home.
func UsersFolder() string {
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

// CanHold tells whether a folder is one that this account can write, or can make,
// and that others cannot lead elsewhere.
func CanHold(dir string) bool {
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

// Journaled are the stores of this account, and those beside files of some folders or
// above them, in which a change is under way or was interrupted.
func Journaled(folders []string) []string {
	state := UsersFolder()
	if os.Geteuid() == 0 {
		state = RootsFolder()
	}
	all, err := filepath.Glob(filepath.Join(state, "*", journalName))
	if err != nil || state == "" {
		all = nil
	}
	seen := map[string]bool{}
	for _, folder := range folders {
		for dir := folder; !seen[dir] && filepath.IsAbs(dir); dir = filepath.Dir(dir) {
			seen[dir] = true
			all = append(all, filepath.Join(dir, besideName, journalName))
		}
	}
	var stores []string
	for _, journal := range all {
		if _, err := os.Lstat(journal); err == nil {
			stores = append(stores, filepath.Dir(journal))
		}
	}
	return stores
}

// longestName is what a file's name may have on any usual file system, in bytes.
const longestName = 255

// nameFor is the name of the store for a folder: its path as one name.
func nameFor(folder string) string {
	name := cmp.Or(strings.ReplaceAll(strings.Trim(folder, "/"), "/", "-"), "-") // the root, too, has one
	if len(name) <= longestName {
		return name
	}
	digest := "-" + Digest([]byte(folder))[:8]
	return name[:longestName-len(digest)] + digest
}
