package installer

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/store"
)

// A scratch is a folder for one run, locked while that lasts. What a killed run
// has left, the next one finds beside its own, and removes.
type scratch struct {
	dir    string
	unlock func()
}

// newScratch makes a scratch in a folder that the caller alone can change, and
// makes that folder where it is missing.
func newScratch(ctx context.Context, parent string) (scratch, error) {
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return scratch{}, fmt.Errorf("make a folder for temporary files: %w", err)
	}
	unlock, err := lockFolder(ctx, parent)
	if err != nil {
		return scratch{}, err
	}
	defer unlock()
	if err := removeAbandoned(parent); err != nil {
		return scratch{}, fmt.Errorf("remove temporary files of a run that was killed: %w", err)
	}
	dir, err := os.MkdirTemp(parent, stagePrefix)
	if err != nil {
		return scratch{}, fmt.Errorf("make a folder for temporary files: %w", err)
	}
	keep, err := lockFolder(ctx, dir)
	return scratch{dir, keep}, err
}

// removeAbandoned removes the scratches that no run holds.
func removeAbandoned(parent string) error {
	entries, err := os.ReadDir(parent)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !entry.IsDir() || !strings.HasPrefix(entry.Name(), stagePrefix) {
			continue
		}
		path := filepath.Join(parent, entry.Name())
		unlock, err := store.TryLockFolder(path)
		if errors.Is(err, unix.EWOULDBLOCK) || errors.Is(err, fs.ErrNotExist) {
			continue // a run holds it, or has just removed it
		}
		if err == nil {
			err = os.RemoveAll(path)
			unlock()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// remove removes the folder with all that is in it.
func (s scratch) remove() {
	_ = os.RemoveAll(s.dir)
	s.unlock()
}
