package installed

import (
	"errors"
	"io/fs"
	"net"
	"slices"
	"strings"
	"syscall"

	"github.com/wsgictl/wsgictl/hostfiles"
)

// Listened tells whether some process takes the datagrams that are sent to a socket;
// nobody knows where the caller may not send there. Nothing is sent.
func Listened(root hostfiles.Root, socket string) (is, known bool) {
	if !root.IsHere() {
		return listenedThere(root, socket)
	}
	c, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: socket, Net: "unixgram"})
	switch {
	case err == nil:
		c.Close()
		return true, true
	case errors.Is(err, syscall.EPROTOTYPE): // it is of another kind, to which none can be sent
		return false, true
	}
	return false, errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, fs.ErrNotExist)
}

// listenedThere reads what was recorded of the sockets of another host: each line has
// the path at its end (proc_net(5)).
func listenedThere(root hostfiles.Root, socket string) (is, known bool) {
	text, err := root.Read("/proc/net/unix")
	if err != nil {
		return false, false
	}
	return slices.ContainsFunc(strings.Split(text, "\n"), func(line string) bool { return strings.HasSuffix(line, " "+socket) }), true
}
