package trust

import "golang.org/x/sys/unix"

func rlimit(value uint64) unix.Rlimit {
	return unix.Rlimit{Cur: int64(value), Max: int64(value)} //nolint:gosec // the limits of this package fit
}
