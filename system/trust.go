package system

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// checkTrust refuses a folder whose path somebody else than root or the caller
// could lead elsewhere: each folder and link on the way must be theirs, and
// none may be writable by others, unless its sticky bit keeps what is in it.
func checkTrust(folder string) error {
	if !filepath.IsAbs(folder) {
		return fmt.Errorf("refuse %s: want an absolute path", folder)
	}
	at, rest := "/", strings.Split(strings.Trim(filepath.Clean(folder), "/"), "/")
	for links := 0; len(rest) > 0; {
		next := filepath.Join(at, rest[0])
		info, err := os.Lstat(next)
		if err != nil {
			return err
		}
		if err := checkOwner(folder, next, info); err != nil {
			return err
		}
		rest = rest[1:]
		if info.Mode()&fs.ModeSymlink == 0 {
			at = next
			continue
		}
		if links++; links > 40 {
			return fmt.Errorf("refuse %s: too many links", folder)
		}
		target, err := os.Readlink(next)
		if err != nil {
			return err
		}
		if filepath.IsAbs(target) {
			at = "/"
		}
		rest = append(strings.Split(strings.Trim(filepath.Clean(target), "/"), "/"), rest...)
	}
	return nil
}

func checkOwner(folder, path string, info fs.FileInfo) error {
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	if owner.Uid != 0 && int(owner.Uid) != os.Geteuid() {
		return fmt.Errorf("refuse %s: %s belongs to user %d, who could lead it elsewhere; give it to root", folder, path, owner.Uid)
	}
	writable := info.Mode().Perm()&0o022 != 0
	if info.IsDir() && writable && info.Mode()&fs.ModeSticky == 0 {
		return fmt.Errorf("refuse %s: others can write to %s (mode %04o); take that away with chmod go-w %s", folder, path, info.Mode().Perm(), path)
	}
	return nil
}
