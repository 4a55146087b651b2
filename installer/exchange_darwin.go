package installer

import "golang.org/x/sys/unix"

func swapNames(from, to int, name string) error {
	return unix.RenameatxNp(from, name, to, name, unix.RENAME_SWAP)
}
