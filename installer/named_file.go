package installer

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/wsgictl/wsgictl/trust"
)

// namedFile is the archive or tree of this machine that was named. Root takes an
// archive that others can change where its digest was given, to which it is held
// as it is unpacked.
func (j installation) namedFile() (Source, error) {
	info, err := os.Stat(j.Source)
	if err != nil {
		return Source{}, &RequestError{fmt.Errorf("source: %w", err)}
	}
	check := j.Trusted.Check
	if info.IsDir() {
		check = j.checkTree
	}
	err = check(j.Source)
	untrusted := (*trust.Untrusted)(nil)
	switch {
	case errors.As(err, &untrusted) && (info.IsDir() || j.SHA256 == ""):
		return Source{}, j.sourceOfOthers(untrusted, info.IsDir())
	case err != nil && untrusted == nil:
		return Source{}, fmt.Errorf("source: %w", err)
	}
	source, err := OpenSource(j.Source)
	if err != nil {
		return Source{}, &RequestError{err}
	}
	if j.SHA256 != "" {
		err = source.Verify(j.SHA256)
	}
	return source, err
}

// checkTree checks each file of a tree: some of it may be of others.
func (j installation) checkTree(dir string) error {
	if err := j.Trusted.Check(dir); err != nil {
		return err
	}
	if os.Geteuid() != 0 {
		return nil
	}
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return checkNearest(j.Trusted, path)
	})
}

// sourceOfOthers refuses a source with the remedies: root would compile and load
// what somebody else wrote.
func (j installation) sourceOfOthers(err *trust.Untrusted, tree bool) error {
	remedy := "give --sha256 with the digest that it must have"
	if tree {
		remedy = "copy it to a folder that root alone can change, look at it there, and name that"
	}
	return fmt.Errorf("source %s: %s, and what root builds is loaded by Apache as root: %s%s", j.Source, err.Where(), remedy, trust.AtOwnRisk(err))
}
