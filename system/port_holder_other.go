//go:build !linux

package system

import "fmt"

// portHolders are not to be seen here without the help of other programs.
func portHolders(int) []int { return nil }

func processName(pid int) string { return fmt.Sprintf("process %d", pid) }
