package system

import (
	"os"

	"github.com/wsgictl/wsgictl/store"
)

// isThere tells whether anything stands at a path.
func isThere(path string) bool {
	entry, err := store.Read(path)
	return err == nil && entry.Kind != store.Absent
}

func isLink(path string) bool {
	entry, err := store.Read(path)
	return err == nil && entry.Kind == store.Link
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
