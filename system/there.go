package system

import "os"

// isThere tells whether anything stands at a path.
func isThere(path string) bool {
	entry, err := ReadEntry(path)
	return err == nil && entry.Kind != Absent
}

func isLink(path string) bool {
	entry, err := ReadEntry(path)
	return err == nil && entry.Kind == Link
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
