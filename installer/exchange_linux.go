package installer

import "golang.org/x/sys/unix"

func swapNames(folder int, a, b string) error {
	return unix.Renameat2(folder, a, folder, b, unix.RENAME_EXCHANGE)
}
