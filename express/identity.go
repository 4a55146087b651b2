package express

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/trust"
)

// An identity is who starts a server and who runs its application, and whose files
// may decide what is done for both.
type identity struct {
	Caller
	account account        // of the application
	trusted trust.Trustees // whose files may decide what root does; all of an ordinary caller
	owners  trust.Trustees // who may own the folders that the server root is in
}

// identify finds the account that was asked for, and those that are trusted.
func identify(caller Caller, asked Account) (identity, error) {
	account, err := caller.accountFor(asked)
	if err != nil {
		return identity{}, err
	}
	trusted, err := trust.Deciders().And(asked.Trusted...)
	if err != nil {
		return identity{}, fmt.Errorf("--%w", err)
	}
	owners, err := trust.RootAndCaller().And(asked.Trusted...)
	if err != nil {
		return identity{}, fmt.Errorf("--%w", err)
	}
	return identity{caller, account, trusted, owners}, nil
}

// isRoot tells whether root starts the server, which others run then.
func (i identity) isRoot() bool { return i.UID == 0 }

// ignored tells of an account that was asked for and cannot be had.
func (i identity) ignored(asked Account) notes {
	if i.isRoot() || (asked.User == "" || asked.User == i.account.user) && (asked.Group == "" || asked.Group == i.account.group) {
		return nil
	}
	return note("--user and --group have no effect, for only root can start a server as someone else: it runs as %s.", i.account.user)
}

// workingFolder is the one that the application runs in.
func (i identity) workingFolder(named string) (string, error) {
	dir := i.abs(named)
	if dir == "" {
		dir = i.Dir
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return "", fmt.Errorf("--working-directory %s: no such folder", dir)
	}
	return dir, nil
}

// checkUse refuses what somebody else could change, where root uses it. It accepts
// what is not there yet: nobody could put it there but those who are trusted with the
// folders on the way. It accepts devices, such as /dev/null: who may write to one
// changes nothing of what it is.
func (i identity) checkUse(path string) error {
	if path == "" || !i.isRoot() {
		return nil
	}
	way, err := trust.Look(path)
	if info, stat := os.Stat(path); stat == nil && info.Mode()&fs.ModeDevice != 0 {
		way.Holes = slices.DeleteFunc(way.Holes, func(hole trust.Hole) bool { return hole.At == way.Real })
	}
	if untrusted := i.trusted.Accept(way); untrusted != nil {
		return untrusted
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// checkReadable is an error that says why the application's account cannot read a
// file or folder.
func (i identity) checkReadable(path string) error {
	if !i.isRoot() {
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		return file.Close()
	}
	if barrier := detect.Unreadable(path, i.account.user); barrier != "" {
		return fmt.Errorf("user %s cannot read %s, for %s is closed to it: %s", i.account.user, path, barrier, detect.LetRead(path, barrier))
	}
	_, err := os.Stat(path)
	return err
}

// program gives the path of one that was named: apachectl and Apache start it
// from the folder of the application, where others may put one of its name.
func (i identity) program(name string) string {
	if strings.Contains(name, "/") {
		return i.abs(name)
	}
	if path, err := i.trusted.LookPath(name); err == nil {
		return i.abs(path)
	}
	return name
}
