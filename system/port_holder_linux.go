package system

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
)

// portHolder is the process that listens on a port of this host; 0 where none
// is to be seen. Only root sees those of others.
func portHolder(port int) int {
	var inodes []string
	for _, socket := range tcpSockets(os.Getpid()) {
		if number, err := strconv.ParseUint(socket.port, 16, 16); err == nil && int(number) == port && socket.listens {
			inodes = append(inodes, socket.inode)
		}
	}
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return 0
	}
	for _, entry := range entries { // a parent comes before its children, which have it, too
		pid, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		if slices.ContainsFunc(socketInodes(pid), func(inode string) bool { return slices.Contains(inodes, inode) }) {
			return pid
		}
	}
	return 0
}

// processName is a process as messages name it.
func processName(pid int) string {
	name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
	if err != nil {
		return fmt.Sprintf("process %d", pid)
	}
	return fmt.Sprintf("%s (process %d)", strings.TrimSpace(string(name)), pid)
}
