package system

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// What the kernel is asked, and answers, by sock_diag(7).
const (
	sockDiagByFamily = 20
	diagRequestSize  = unix.SizeofNlMsghdr + 56 // struct inet_diag_req_v2
	diagAnswerSize   = 72                       // struct inet_diag_msg
)

// diagnosedSockets are those of this process's own network that a process
// waits at, or has open. Their number, and not that of the connections that
// ended in the last minute, is what it costs to know them: of these a busy
// server has tens of thousands, and a second is needed to read all in
// /proc/net/tcp.
func diagnosedSockets() ([]tcpSocket, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_INET_DIAG)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	var all []tcpSocket
	for _, family := range []byte{unix.AF_INET, unix.AF_INET6} {
		if err := unix.Sendto(fd, diagRequest(family), 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
			return nil, fmt.Errorf("ask for the sockets: %w", err)
		}
		found, err := diagAnswers(fd)
		if err != nil {
			return nil, fmt.Errorf("ask for the sockets: %w", err)
		}
		all = append(all, found...)
	}
	return all, nil
}

func diagRequest(family byte) []byte {
	order := binary.NativeEndian
	request := make([]byte, diagRequestSize)
	order.PutUint32(request[0:], diagRequestSize)
	order.PutUint16(request[4:], sockDiagByFamily)
	order.PutUint16(request[6:], unix.NLM_F_REQUEST|unix.NLM_F_DUMP)
	body := request[unix.SizeofNlMsghdr:]
	body[0], body[1] = family, unix.IPPROTO_TCP
	order.PutUint32(body[4:], 1<<tcpEstablished|1<<tcpCloseWait|1<<tcpListen)
	return request
}

// diagAnswers reads until the kernel says that it was all.
func diagAnswers(fd int) ([]tcpSocket, error) {
	var all []tcpSocket
	buffer := make([]byte, 64<<10) // no datagram of a dump is larger than 32 kB
	for {
		size, _, err := unix.Recvfrom(fd, buffer, 0)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for rest := buffer[:size]; len(rest) >= unix.SizeofNlMsghdr; {
			length := int(binary.NativeEndian.Uint32(rest))
			if length < unix.SizeofNlMsghdr || length > len(rest) {
				return nil, errors.New("an answer that is cut")
			}
			switch kind, body := binary.NativeEndian.Uint16(rest[4:]), rest[unix.SizeofNlMsghdr:length]; {
			case kind == unix.NLMSG_DONE:
				return all, nil
			case kind == unix.NLMSG_ERROR:
				return nil, diagError(body)
			case kind == sockDiagByFamily && len(body) >= diagAnswerSize:
				all = append(all, diagnosed(body))
			}
			rest = rest[min((length+3)&^3, len(rest)):]
		}
	}
}

// diagError is the errno of a struct nlmsgerr.
func diagError(body []byte) error {
	if len(body) < 4 {
		return unix.EBADMSG
	}
	return unix.Errno(-int32(binary.NativeEndian.Uint32(body))) //nolint:gosec // a negative errno
}

// diagnosed reads a struct inet_diag_msg. Addresses and ports are written as
// /proc/net/tcp writes them.
func diagnosed(message []byte) tcpSocket {
	words := 1
	if message[0] == unix.AF_INET6 {
		words = 4
	}
	peer := ""
	for word := range words {
		peer += fmt.Sprintf("%08X", binary.NativeEndian.Uint32(message[24+4*word:]))
	}
	state := tcpState(message[1])
	return tcpSocket{
		port:    fmt.Sprintf("%04X", binary.BigEndian.Uint16(message[4:])),
		peer:    fmt.Sprintf("%s:%04X", peer, binary.BigEndian.Uint16(message[6:])),
		inode:   fmt.Sprint(binary.NativeEndian.Uint32(message[68:])),
		listens: state == tcpListen,
		open:    state == tcpEstablished || state == tcpCloseWait,
	}
}

// sharesNetwork tells whether a process sees the network that this one sees.
func sharesNetwork(pid int) bool {
	own, errOwn := os.Readlink("/proc/self/ns/net")
	other, errOther := os.Readlink(fmt.Sprintf("/proc/%d/ns/net", pid))
	return errOwn == nil && errOther == nil && own == other
}
