package modwsgi

import (
	"path"
	"strconv"
	"strings"
)

// SocketPath is what the name of a daemon process group's socket tells: mod_wsgi
// listens at PREFIX.PARENT.uUID.GROUP.sock, or with socket-rotation=On at
// PREFIX.PARENT.GENERATION.GROUP.sock (wsgi_start_daemons in wsgi_daemon.c).
type SocketPath struct {
	Prefix string // WSGISocketPrefix
	Parent uint64 // Apache's parent process
	Group  int    // the how-manyth WSGIDaemonProcess, from 1
}

// ParseSocketPath takes the path of a socket apart; false where it is none of
// mod_wsgi's.
func ParseSocketPath(socket string) (SocketPath, bool) {
	folder, name := path.Split(socket)
	words := strings.Split(name, ".")
	if n := len(words); n >= 5 && words[n-1] == "sock" {
		parent, err := strconv.ParseUint(words[n-4], 10, 32)
		_, notInstance := strconv.Atoi(strings.TrimPrefix(words[n-3], "u"))
		group, notGroup := strconv.Atoi(words[n-2])
		if err == nil && notInstance == nil && notGroup == nil {
			return SocketPath{folder + strings.Join(words[:n-4], "."), parent, group}, true
		}
	}
	return SocketPath{}, false
}
