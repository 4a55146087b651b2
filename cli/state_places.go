package cli

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/trust"
)

// statePlaces are where this account's stores may be, as the beginnings of their
// paths: the first that can hold one does. Root's are the system's alone, since in
// the temporary folder others could take a name first; those of others are by the
// XDG base directories. Many an account has no home folder, or cannot write there,
// as in containers: what it fixes is journaled in the temporary folder.
func statePlaces() []string {
	if os.Geteuid() == 0 {
		return []string{rootsState() + "/"}
	}
	var places []string
	account, _ := trust.HostAccounts().Lookup("#" + strconv.Itoa(os.Geteuid()))
	home := cmp.Or(os.Getenv("HOME"), account.Home)
	switch dir := os.Getenv("XDG_STATE_HOME"); {
	case filepath.IsAbs(dir):
		places = append(places, filepath.Join(dir, "wsgictl")+"/")
	case filepath.IsAbs(home):
		places = append(places, filepath.Join(home, ".local/state/wsgictl")+"/")
	}
	return append(places, filepath.Join(os.TempDir(), fmt.Sprintf("wsgictl-%d-", os.Geteuid())))
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
	digest := sha256.Sum256([]byte(folder))
	return name[:longestName] + "-" + hex.EncodeToString(digest[:4])
}
