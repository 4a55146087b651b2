package system

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
)

// portHolders are the processes that listen on a port of this host, by their
// numbers: a parent and the children that have its socket. Only root sees those of
// others.
func portHolders(port int) []int {
	var inodes []string
	for _, socket := range tcpSockets(os.Getpid()) {
		if number, err := strconv.ParseUint(socket.port, 16, 16); err == nil && int(number) == port && socket.listens {
			inodes = append(inodes, socket.inode)
		}
	}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	var holders []int
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err == nil && slices.ContainsFunc(socketInodes(pid), func(inode string) bool { return slices.Contains(inodes, inode) }) {
			holders = append(holders, pid)
		}
	}
	slices.Sort(holders)
	return holders
}

// processName is a process as messages name it.
func processName(pid int) string {
	name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
	if err != nil {
		return fmt.Sprintf("process %d", pid)
	}
	return fmt.Sprintf("%s (process %d)", strings.TrimSpace(string(name)), pid)
}
