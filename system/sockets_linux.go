package system

import (
	"fmt"
	"iter"
	"os"
	"strconv"
	"strings"
)

// A unixSocket is a line of /proc/net/unix (proc_net_unix(5)).
type unixSocket struct {
	path    string
	inode   string
	listens bool
}

// unixSockets are the sockets with a path in the network that a process sees.
func unixSockets(pid int) iter.Seq[unixSocket] {
	return func(yield func(unixSocket) bool) {
		for words := range procLines(pid, "unix") { // Num RefCount Protocol Flags Type St Inode Path
			if len(words) == 8 && !yield(unixSocket{path: words[7], inode: words[6], listens: words[3] == "00010000"}) {
				return
			}
		}
	}
}

// A tcpSocket is a line of /proc/net/tcp or /proc/net/tcp6 (proc_net_tcp(5)).
type tcpSocket struct {
	port    string // of this side, in hexadecimal
	peer    string // address and port of the other side, in hexadecimal
	inode   string // "0" of one that no process has
	listens bool
	open    bool // the client can send a request or wait for an answer
}

// A tcpState is a state of a socket by its number (net/tcp_states.h).
type tcpState byte

const (
	tcpEstablished tcpState = 1
	tcpCloseWait   tcpState = 8
	tcpListen      tcpState = 10
)

// tcpSockets are the sockets of the network that a process sees, those at
// least that listen or are open.
func tcpSockets(pid int) []tcpSocket {
	if sharesNetwork(pid) {
		if sockets, err := diagnosedSockets(); err == nil {
			return sockets
		} // a kernel or container without sock_diag
	}
	return listedSockets(pid)
}

// listedSockets reads them from the tables below /proc.
func listedSockets(pid int) []tcpSocket {
	var all []tcpSocket
	for _, table := range []string{"tcp", "tcp6"} {
		for words := range procLines(pid, table) { // sl local remote st queues timer retransmits uid timeout inode ...
			if len(words) < 10 {
				continue
			}
			_, port, _ := strings.Cut(words[1], ":")
			number, _ := strconv.ParseUint(words[3], 16, 8)
			state := tcpState(number)
			all = append(all, tcpSocket{port, words[2], words[9], state == tcpListen, state == tcpEstablished || state == tcpCloseWait})
		}
	}
	return all
}

// procLines are the words of the lines of a table below /proc/PID/net, without
// its heading.
func procLines(pid int, table string) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/net/%s", pid, table))
		if err != nil {
			return
		}
		first := true
		for line := range strings.Lines(string(text)) {
			if !first && !yield(strings.Fields(line)) {
				return
			}
			first = false
		}
	}
}
