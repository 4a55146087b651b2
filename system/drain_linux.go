package system

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/wsgictl/wsgictl/httpd/installed"
)

// A drain watches old children of Apache end what they have begun, while its
// parent process is held.
type drain struct {
	parent    int
	children  []int
	sockets   []string          // paths of the daemon sockets
	listeners map[string]string // inodes of the sockets on which Apache listens, with their ports

	// quiet is for how long no request may have been in the hands of a daemon
	// process so that connections that are still open are not waited for: they
	// are downloads, or idle.
	quiet time.Duration
}

const drainInterval = 2 * time.Millisecond

// newDrain looks at an Apache whose parent process is held, so that it has no
// more children than now.
func newDrain(parent int, sockets []string, quiet time.Duration) drain {
	var children []int
	for _, child := range installed.Children(parent) {
		children = append(children, child.PID)
	}
	return drain{parent, children, sockets, listenersOf(parent), quiet}
}

// listenersOf are the inodes of the sockets on which a process listens, with
// their ports.
func listenersOf(pid int) map[string]string {
	listeners := map[string]string{}
	own := socketInodes(pid)
	for _, socket := range tcpSockets(pid) {
		if socket.listens && slices.Contains(own, socket.inode) {
			listeners[socket.inode] = socket.port
		}
	}
	return listeners
}

// await waits until no old child needs a daemon process any more. The number of
// requests that daemon processes still have in their hands when the context
// ends is what it gives.
func (d drain) await(ctx context.Context) (left int) {
	last := time.Now() // when a request was in the hands of a daemon process
	for {
		requests := d.requests()
		if requests > 0 || d.listening() {
			last = time.Now()
		} else if len(openConnections(d.parent, d.listeners)) == 0 || time.Since(last) > d.quiet {
			return 0
		}
		select {
		case <-ctx.Done():
			return requests
		case <-time.After(drainInterval):
		}
	}
}

// requests are those that wait for a daemon process or are served by one: the
// connections that it was given bear the name of its socket.
func (d drain) requests() int {
	n := 0
	for socket := range unixSockets(d.parent) {
		if !socket.listens && slices.Contains(d.sockets, socket.path) {
			n++
		}
	}
	return n
}

// listening tells whether a child has not yet taken notice of the reload.
func (d drain) listening() bool {
	for _, child := range d.children {
		for _, inode := range socketInodes(child) {
			if _, listens := d.listeners[inode]; listens {
				return true
			}
		}
	}
	return false
}

// openConnections are those from clients that processes have accepted and not
// ended. What still waits to be accepted is no process's yet.
func openConnections(pid int, listeners map[string]string) map[string]bool {
	ports := slices.Collect(maps.Values(listeners))
	connections := map[string]bool{}
	for _, socket := range tcpSockets(pid) {
		if socket.open && socket.inode != "0" && slices.Contains(ports, socket.port) {
			connections[socket.peer+" "+socket.port] = true
		}
	}
	return connections
}

// daemonSockets are the paths of the sockets on which daemon processes of an
// Apache take requests.
func daemonSockets(parent int) []string {
	own := socketInodes(parent)
	var paths []string
	for socket := range unixSockets(parent) {
		if socket.listens && strings.Contains(filepath.Base(socket.path), fmt.Sprintf(".%d.", parent)) && slices.Contains(own, socket.inode) {
			paths = append(paths, socket.path)
		}
	}
	return paths
}

// socketInodes are those of the sockets that a process holds.
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
