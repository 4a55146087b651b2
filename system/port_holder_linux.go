package system

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// portHolders are the processes that listen on a port of this host, by their
// numbers: a parent and the children that have its socket. Only root sees those of
// others.
func portHolders(port int) []int {
	listening := append(listenersAt("/proc/net/tcp", port), listenersAt("/proc/net/tcp6", port)...)
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	var holders []int
	for _, entry := range entries {
		pid, err := strconv.Atoi(entry.Name())
		if err == nil && slices.ContainsFunc(socketInodes(pid), func(inode string) bool { return slices.Contains(listening, inode) }) {
			holders = append(holders, pid)
		}
	}
	slices.Sort(holders)
	return holders
}

// listenersAt are the inodes of the sockets in a table of the kernel that listen
// on a port (proc_net_tcp(5): sl local remote state ... inode).
func listenersAt(table string, port int) (inodes []string) {
	const listens, inode = "0A", 9 // TCP_LISTEN, and the word that is the inode
	text, err := os.ReadFile(table)
	if err != nil {
		return nil
	}
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		if len(words) > inode && words[3] == listens && strings.HasSuffix(words[1], fmt.Sprintf(":%04X", port)) {
			inodes = append(inodes, words[inode])
		}
	}
	return inodes
}

// socketInodes are those of the sockets that a process holds. The links in
// /proc/PID/fd alone tell whose a socket is.
func socketInodes(pid int) []string {
	folder := fmt.Sprintf("/proc/%d/fd", pid)
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil
	}
	var inodes []string
	for _, entry := range entries {
		target, err := os.Readlink(filepath.Join(folder, entry.Name()))
		if inode, isSocket := strings.CutPrefix(target, "socket:["); err == nil && isSocket {
			inodes = append(inodes, strings.TrimSuffix(inode, "]"))
		}
	}
	return inodes
}

// processName is a process as messages name it.
func processName(pid int) string {
	name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
	if err != nil {
		return fmt.Sprintf("process %d", pid)
	}
	return fmt.Sprintf("%s (process %d)", strings.TrimSpace(string(name)), pid)
}
