package installer

import "golang.org/x/sys/unix"

func swapNames(folder int, a, b string) error {
	return unix.RenameatxNp(folder, a, folder, b, unix.RENAME_SWAP)
}
