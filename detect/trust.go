package detect

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// CheckTrust refuses a path that somebody else than root or the caller could
// change or lead elsewhere: each folder and link on the way must be theirs, and
// none may be writable by others. Only on the way may there be a folder such as
// /tmp, whose sticky bit keeps what is in it.
func CheckTrust(path string) error {
	if !filepath.IsAbs(path) {
		return fmt.Errorf("refuse %s: want an absolute path", path)
	}
	return WalkTo(path, func(at string, info fs.FileInfo, last bool) error {
		uid := ownerOf(info)
		if uid > 0 && uid != os.Geteuid() {
			return fmt.Errorf("refuse %s: %s belongs to user %d, who could lead it elsewhere; give it to root", path, at, uid)
		}
		isLink := info.Mode()&fs.ModeSymlink != 0 // whose permissions mean nothing
		kept := info.IsDir() && info.Mode()&fs.ModeSticky != 0 && !last
		if !isLink && !kept && info.Mode().Perm()&0o022 != 0 {
			return fmt.Errorf("refuse %s: others can write to %s (mode %04o); take that away with chmod go-w %s", path, at, info.Mode().Perm(), at)
		}
		return nil
	})
}

// WalkTo visits each folder and link on the way to a path, its own entry last. It ends
// with the first error: that of visit, or of what is not there.
func WalkTo(path string, visit func(at string, info fs.FileInfo, last bool) error) error {
	at, rest := "/", partsOf(path)
	for links := 0; len(rest) > 0; {
		next := filepath.Join(at, rest[0])
		info, err := os.Lstat(next)
		if err != nil {
			return err
		}
		isLink := info.Mode()&fs.ModeSymlink != 0
		if err := visit(next, info, len(rest) == 1 && !isLink); err != nil {
			return err
		}
		rest = rest[1:]
		if !isLink {
			at = next
			continue
		}
		if links++; links > 40 {
			return fmt.Errorf("refuse %s: too many links", path)
		}
		target, err := os.Readlink(next)
		if err != nil {
			return err
		}
		if filepath.IsAbs(target) {
			at = "/"
		}
		rest = append(partsOf(target), rest...)
	}
	return nil
}

func partsOf(path string) []string {
	return strings.Split(strings.Trim(filepath.Clean(path), "/"), "/")
}
