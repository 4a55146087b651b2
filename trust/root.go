package trust

import (
	"fmt"
	"os"
	"syscall"
)

// OpenRoot holds a folder open that only trusted accounts can change. What is
// read and written through it is in the folder that was looked at, whatever
// comes to stand at its path.
func (t Trustees) OpenRoot(path string) (*os.Root, error) { return openRoot(path, t.Open) }

// openRoot holds the very folder open that was looked at.
func openRoot(path string, look func(path string) (*os.File, error)) (*os.Root, error) {
	looked, err := look(path)
	if err != nil {
		return nil, err
	}
	defer looked.Close()
	info, err := looked.Stat()
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, &os.PathError{Op: "open", Path: path, Err: syscall.ENOTDIR}
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, err
	}
	if held, err := root.Stat("."); err != nil || !os.SameFile(info, held) {
		_ = root.Close()
		return nil, fmt.Errorf("%s: another folder was put in its place while it was looked at", path)
	}
	return root, nil
}
