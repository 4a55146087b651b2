//go:build !linux

package system

import "fmt"

// portHolder is not to be seen here without the help of other programs.
func portHolder(int) int { return 0 }

func processName(pid int) string { return fmt.Sprintf("process %d", pid) }
