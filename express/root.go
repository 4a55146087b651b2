package express

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"github.com/wsgictl/wsgictl/trust"
)

// A serverRoot is the folder of all that is generated.
type serverRoot string

// in is a path below the server root.
func (r serverRoot) in(name string) string { return filepath.Join(string(r), name) }

// file is one below the server root.
func (r serverRoot) file(name, text string, mode os.FileMode) File {
	return File{r.in(name), text, mode, false}
}

// settleRoot is the folder that was named, or one of the host and port.
func settleRoot(named string, at addresses, who identity) (serverRoot, error) {
	root := who.abs(named)
	if root == "" {
		root = who.defaultRoot(at.name(), at.port)
	}
	return serverRoot(root), who.checkRoot(root, who.owners)
}

// defaultRoot is the server root of a server that was not given one.
func (c Caller) defaultRoot(host string, port int) string {
	dir := "/var/tmp"
	if runtime.GOOS != "darwin" {
		dir = strings.TrimRight(c.env("TMPDIR"), "/")
		if dir == "" {
			dir = "/tmp"
		}
	}
	return c.abs(filepath.Join(dir, fmt.Sprintf("mod_wsgi-%s:%d:%d", host, port, c.UID)))
}

// checkRoot refuses a server root that someone else could write to, or put
// another in the place of: whoever can, runs code as the caller. A folder that
// is not there yet is fine, and so is one open to the group of the caller's own
// that many systems give each account.
func (c Caller) checkRoot(root string, trusted trust.Trustees) error {
	const remedy = "remove it, or name another folder with --server-root"
	info, err := os.Lstat(root)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("server root: %w", err)
	}
	if err == nil {
		switch owner, ok := info.Sys().(*syscall.Stat_t); {
		case info.Mode()&fs.ModeSymlink != 0:
			return fmt.Errorf("server root %s: it is a link, which may lead anywhere; %s", root, remedy)
		case !info.IsDir():
			return fmt.Errorf("server root %s: it is not a folder; %s", root, remedy)
		case ok && int(owner.Uid) != c.UID:
			return fmt.Errorf("server root %s: it belongs to user %d and not to you (%d); %s", root, owner.Uid, c.UID, remedy)
		}
	}
	err = trusted.Check(root)
	var untrusted *trust.Untrusted
	switch {
	case errors.As(err, &untrusted) && untrusted.Hole.At == root:
		return fmt.Errorf("server root %s: %s; close it with chmod go-w, or %s", root, untrusted.Hole.Reason, remedy)
	case errors.As(err, &untrusted):
		return fmt.Errorf("server root %s: %s: %s, so that another one can be put in its place; close that folder, or name another one with --server-root", root, untrusted.Hole.At, untrusted.Hole.Reason)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("server root %s: %w", root, err)
	}
	return nil
}

// socketLimit is how long the path of a Unix socket may be: sun_path of the
// system without its end.
const socketLimit = len(syscall.RawSockaddrUnix{}.Path) - 1

// checkSocketPrefix adds to the prefix what mod_wsgi adds for the groups of
// these accounts, with the greatest process id of Linux.
func checkSocketPrefix(prefix string, uid, groups int) error {
	const greatest = 4194304
	path := fmt.Sprintf("%s.%d.u%d.%d.sock", prefix, greatest, uid, groups)
	if len(path) <= socketLimit {
		return nil
	}
	return fmt.Errorf("sockets %s…: the path is too long for a socket by %d bytes; name a shorter folder with --socket-prefix",
		prefix, len(path)-socketLimit)
}
