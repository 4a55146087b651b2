package telemetry

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"

	"golang.org/x/sys/unix"
)

// Receiver is a socket to which processes send datagrams.
type Receiver struct {
	socket *net.UnixConn
	text   [MaxSize + 1]byte
	about  [256]byte // what the kernel says of the sender
}

// Listen makes a socket at a path, in the place of one that nobody listens on any
// more. Who may send is decided by its mode and by the folder that it is in, which
// nobody else may change. The error says which socket, and whether somebody listens on it.
func Listen(path string, mode fs.FileMode) (*Receiver, error) {
	if err := removeStale(path); err != nil {
		return nil, err
	}
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		return nil, fmt.Errorf("listen for telemetry: %w", err)
	}
	if err := errors.Join(os.Chmod(path, mode), askForSenders(socket)); err != nil {
		socket.Close()
		return nil, fmt.Errorf("listen for telemetry at %s: %w", path, err)
	}
	return &Receiver{socket: socket}, nil
}

// removeStale removes a socket that a receiver left which was killed.
func removeStale(path string) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("listen for telemetry: %w", err)
	case info.Mode().Type() != fs.ModeSocket:
		return fmt.Errorf("listen for telemetry at %s: something is there that is no socket; remove it, or name another path", path)
	}
	c, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: path, Net: "unixgram"})
	if err == nil {
		c.Close()
		return fmt.Errorf("listen for telemetry at %s: somebody listens there; stop that one, or name another path", path)
	}
	if !errors.Is(err, unix.ECONNREFUSED) {
		return fmt.Errorf("listen for telemetry: %w", err)
	}
	if err := os.Remove(path); err != nil {
		return fmt.Errorf("listen for telemetry: %w", err)
	}
	return nil
}

// askForSenders has the kernel say with each datagram who sent it, which no sender
// can forge.
func askForSenders(socket *net.UnixConn) error {
	raw, err := socket.SyscallConn()
	if err != nil {
		return err
	}
	var refused error
	if err := raw.Control(func(fd uintptr) { refused = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_PASSCRED, 1) }); err != nil {
		return err
	}
	return refused
}

// Receive waits for the next datagram. Its text is good until the next call. After
// Close the error is net.ErrClosed.
func (r *Receiver) Receive() (Sender, []byte, error) {
	for {
		n, more, _, _, err := r.socket.ReadMsgUnix(r.text[:], r.about[:])
		if err != nil {
			return Sender{}, nil, fmt.Errorf("receive telemetry: %w", err)
		}
		if sender, is := readSender(r.about[:more]); is {
			return sender, r.text[:n], nil
		}
	}
}

// readSender reads what the kernel says; false where it says nothing, as for what was
// sent before askForSenders. Descriptors that came along are closed.
func readSender(about []byte) (Sender, bool) {
	messages, err := unix.ParseSocketControlMessage(about)
	if err != nil {
		return Sender{}, false
	}
	var sender Sender
	is := false
	for _, m := range messages {
		if fds, err := unix.ParseUnixRights(&m); err == nil {
			for _, fd := range fds {
				unix.Close(fd)
			}
		}
		if credentials, err := unix.ParseUnixCredentials(&m); err == nil {
			sender, is = Sender{int(credentials.Pid), int(credentials.Uid)}, true
		}
	}
	return sender, is
}

// Close removes the socket, and ends a Receive that waits.
func (r *Receiver) Close() error {
	return errors.Join(r.socket.Close(), os.Remove(r.socket.LocalAddr().String()))
}
