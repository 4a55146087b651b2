package telemetry

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

func send(t *testing.T, path string, text []byte, about []byte) {
	t.Helper()
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	if err := unix.Sendmsg(fd, text, about, &unix.SockaddrUnix{Name: path}, 0); err != nil {
		t.Fatal(err)
	}
}

// TestReceive sends as processes do, and as hostile ones may.
func TestReceive(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "telemetry.sock")
	r, err := Listen(path, 0o620)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o620 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if _, err := Listen(path, 0o600); err == nil || !strings.Contains(err.Error(), "somebody listens there") {
		t.Errorf("two listen at one path: %v", err)
	}
	secret, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer secret.Close()
	send(t, path, datagram(5), nil)
	send(t, path, []byte("x"), unix.UnixRights(int(secret.Fd())))
	for _, want := range []int{len(datagram(5)), 1} {
		sender, text, err := r.Receive()
		if err != nil || len(text) != want || sender != (Sender{os.Getpid(), os.Getuid()}) {
			t.Errorf("%d bytes of %+v, %v", len(text), sender, err)
		}
	}
	if others := descriptorsOf(t, secret.Name()); others != 1 {
		t.Errorf("%d descriptors of a file that came with a datagram", others)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if _, _, err := r.Receive(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

// descriptorsOf is how many descriptors of this process are open on a file.
func descriptorsOf(t *testing.T, file string) int {
	t.Helper()
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, fd := range fds {
		if to, _ := os.Readlink("/proc/self/fd/" + fd.Name()); to == file {
			count++
		}
	}
	return count
}

// leaveSocket makes a socket that nobody has open any more. A process that another test
// starts would have it until it runs its program, and Go's own sockets are held by
// epoll for a moment after they are closed.
func leaveSocket(t *testing.T, path string) {
	t.Helper()
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(unix.Bind(fd, &unix.SockaddrUnix{Name: path}), unix.Close(fd)); err != nil {
		t.Fatal(err)
	}
}

// TestListenWhereOneWas begins where one was killed, and leaves alone what is none.
func TestListenWhereOneWas(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "telemetry.sock")
	leaveSocket(t, path)
	r, err := Listen(path, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Listen(path, 0o600); err == nil || !strings.Contains(err.Error(), "no socket; remove it") {
		t.Errorf("a file: %v", err)
	}
}
