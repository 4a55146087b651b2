package trust

import "golang.org/x/sys/unix"

func rlimit(value uint64) unix.Rlimit { return unix.Rlimit{Cur: value, Max: value} }
