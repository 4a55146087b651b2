package telemetry

import (
	"encoding/binary"
	"fmt"
	"strings"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// Of linux/unix_diag.h, which x/sys/unix does not have.
const (
	showName       = 0x01 // UDIAG_SHOW_NAME
	showQueue      = 0x10 // UDIAG_SHOW_RQLEN
	attributeName  = 0    // UNIX_DIAG_NAME
	attributeQueue = 4    // UNIX_DIAG_RQLEN
	diagSize       = 16   // struct unix_diag_msg
	listening      = 10   // TCP_LISTEN, of Unix sockets too
)

// Queues are the queues of all Unix sockets of this network namespace on which a
// process listens, by the path of the socket; of two at one path, of which only one
// can be reached, the longer one. The kernel tells it to any account (sock_diag(7)),
// and no process has to do anything for it: it is how requests are seen that wait
// while all threads of a daemon process group hang.
func Queues() (map[string]Queue, error) {
	c, err := netlink.Dial(unix.NETLINK_SOCK_DIAG, nil)
	if err != nil {
		return nil, fmt.Errorf("ask the kernel for the queues of sockets: %w", err)
	}
	defer c.Close()
	answers, err := c.Execute(netlink.Message{
		Header: netlink.Header{Type: unix.SOCK_DIAG_BY_FAMILY, Flags: netlink.Request | netlink.Dump},
		Data:   listeners(),
	})
	if err != nil {
		return nil, fmt.Errorf("ask the kernel for the queues of sockets: %w", err)
	}
	queues := map[string]Queue{}
	for _, m := range answers {
		path, queue, err := readQueue(m.Data)
		switch {
		case err != nil:
			return nil, fmt.Errorf("what the kernel says of the queues of sockets: %w", err)
		case path != "" && queue.Waiting >= queues[path].Waiting:
			queues[path] = queue
		}
	}
	return queues, nil
}

// listeners asks for the names and queues of sockets on which somebody listens:
// struct unix_diag_req.
func listeners() []byte {
	request := make([]byte, 24)
	request[0] = unix.AF_UNIX
	binary.NativeEndian.PutUint32(request[4:], 1<<listening)
	binary.NativeEndian.PutUint32(request[12:], showName|showQueue)
	return request
}

// readQueue reads one socket; its path is empty where it has no name in the file
// system.
func readQueue(text []byte) (string, Queue, error) {
	if len(text) < diagSize {
		return "", Queue{}, fmt.Errorf("%d bytes are no socket", len(text))
	}
	attributes, err := netlink.NewAttributeDecoder(text[diagSize:])
	if err != nil {
		return "", Queue{}, err
	}
	var path string
	var queue Queue
	for attributes.Next() {
		value := attributes.Bytes()
		switch {
		case attributes.Type() == attributeName && strings.HasPrefix(string(value), "/"):
			path = strings.TrimRight(string(value), "\x00")
		case attributes.Type() == attributeQueue && len(value) == 8:
			queue = Queue{int(binary.NativeEndian.Uint32(value)), int(binary.NativeEndian.Uint32(value[4:]))}
		}
	}
	return path, queue, attributes.Err()
}
