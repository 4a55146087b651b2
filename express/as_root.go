package express

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/trust"
)

// A use is something that Apache, or its control script, uses while it is
// root. Whoever can change it becomes root.
type use struct {
	option   string // that names another
	path     string
	how      string // what is done with it as root
	new      bool   // is written: also who can put a link into its folder decides
	included bool   // by a line of Apache's configuration, as a file, a folder or a pattern
}

// checkAsRoot refuses what somebody else could change, where root starts the
// server. What processes of the application's account use alone may be
// anybody's.
func (i identity) checkAsRoot(uses []use, folders []Folder) error {
	if !i.isRoot() {
		return nil
	}
	if err := i.checkUses(uses); err != nil {
		return err
	}
	return i.checkFolders(folders)
}

// checkUses refuses those of several uses that root should not make.
func (i identity) checkUses(uses []use) error {
	for _, u := range uses {
		check := i.checkUse
		if u.included {
			check = i.checkIncluded
		}
		err := check(u.path)
		if u.new && err == nil {
			err = i.checkUse(filepath.Dir(u.path))
		}
		if err != nil {
			return u.refused(err)
		}
	}
	return nil
}

// checkFolders refuses to make a folder where others can put a link in its
// place: root would make it, and give it away, wherever they like.
func (i identity) checkFolders(folders []Folder) error {
	for _, folder := range folders {
		if exists(folder.Path) {
			continue
		}
		if err := i.checkUse(folder.Path); err != nil {
			return fmt.Errorf("make folder %s: %w; make it yourself first, as the account that it is for: mkdir -p %s", folder.Path, err, detect.ShellArgument(folder.Path))
		}
	}
	return nil
}

// checkIncluded goes through what Apache reads for an Include line: of a
// pattern, all that fits and the folders in which more would.
func (i identity) checkIncluded(path string) error {
	if exists(path) || !isPattern(path) {
		return i.checkIncludedTree(path, 0)
	}
	parts := strings.Split(path, "/")
	first := slices.IndexFunc(parts, isPattern)
	for end := first; end < len(parts); end++ { // the last folder of a fixed name, and each that fits
		folders, err := filepath.Glob(cmp.Or(strings.Join(parts[:end], "/"), "/"))
		if err != nil {
			return err
		}
		for _, folder := range folders {
			if err := i.checkUse(folder); err != nil {
				return err
			}
		}
	}
	files, err := filepath.Glob(path)
	for _, file := range files {
		if err == nil {
			err = i.checkIncludedTree(file, 0)
		}
	}
	return err
}

func isPattern(path string) bool { return strings.ContainsAny(path, "*?[") }

// includeDepth is how deep Apache follows folders below an included one
// (AP_MAX_INCLUDE_DIR_DEPTH of its core.c).
const includeDepth = 20

// checkIncludedTree looks at a file, or at a folder with all that is in it,
// which Apache reads if its name is included.
func (i identity) checkIncludedTree(path string, depth int) error {
	if err := i.checkUse(path); err != nil {
		return err
	}
	entries, err := os.ReadDir(path)
	if err != nil || depth == includeDepth {
		return nil //nolint:nilerr // a file, or what Apache says that it cannot read
	}
	for _, entry := range entries {
		if err := i.checkIncludedTree(filepath.Join(path, entry.Name()), depth+1); err != nil {
			return err
		}
	}
	return nil
}

// refused says how somebody could become root, and what to do.
func (u use) refused(err error) error {
	var untrusted *trust.Untrusted
	if !errors.As(err, &untrusted) {
		return fmt.Errorf("--%s: %w", u.option, err)
	}
	otherwise := trust.AtOwnRisk(err)
	if info, err := os.Stat(untrusted.Hole.At); otherwise == "" && err == nil && info.Mode()&fs.ModeSticky == 0 { // as /tmp, which is for all
		otherwise = ", or close that one: chmod go-w " + detect.ShellArgument(untrusted.Hole.At)
	}
	return fmt.Errorf("--%s %w; %s by root, so that whoever changes it becomes root: name another, which root alone can change%s",
		u.option, untrusted, u.how, otherwise)
}
