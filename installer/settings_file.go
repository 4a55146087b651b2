package installer

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/wsgictl/wsgictl/trust"
)

// maxSettings bounds a file of settings, in bytes.
const maxSettings = 1 << 20

// readSettings reads a file of settings; false for one that is not there or may
// not be read. Root takes none that somebody else could change: it is passed
// over, and told where root's own belong.
func (s PipEnvironment) readSettings(path, belong string) (text []byte, found bool, err error) {
	if isNull(path) {
		return nil, false, nil // how a place is kept empty
	}
	text, err = trust.Deciders().ReadFile(path, maxSettings)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission):
		return nil, false, nil
	case s.passOver(path, err, belong):
		return nil, false, nil
	}
	return text, err == nil, err
}

// isNull reports whether a path leads to the device that holds nothing.
func isNull(path string) bool {
	info, err := os.Stat(path)
	if err != nil {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err == nil && os.SameFile(info, null)
}

// passOver tells of a file that somebody else could change, if that is what the
// error says, and the file is there.
func (s PipEnvironment) passOver(path string, err error, belong string) bool {
	untrusted := (*trust.Untrusted)(nil)
	if !errors.As(err, &untrusted) {
		return false
	}
	if _, err := os.Lstat(path); err == nil && s.Tell != nil {
		s.Tell(fmt.Sprintf("Passed over %s: %s, and root takes settings only from files that root alone can change: %s.", path, untrusted.Where(), belong))
	}
	return true
}

// ownFile is a file that a setting names, empty where root passes over it.
func (s PipEnvironment) ownFile(path, belong string) string {
	if path == "" || s.passOver(path, trust.Deciders().Check(path), belong) {
		return ""
	}
	return path
}
