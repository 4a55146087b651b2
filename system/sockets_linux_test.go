package system

import (
	"cmp"
	"fmt"
	"net"
	"os"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/needtest"
)

// The kernel's answer about sockets is what /proc/net/tcp says of them.
func TestSocketsDiagnosedAreThoseListed(t *testing.T) {
	t.Parallel()
	var ports []string
	for _, address := range []string{"127.0.0.1:0", "[::1]:0"} {
		listener, err := net.Listen("tcp", address)
		if err != nil {
			t.Logf("%s: %v", address, err)
			continue
		}
		defer listener.Close()
		ports = append(ports, fmt.Sprintf("%04X", listener.Addr().(*net.TCPAddr).Port))
		for range 3 {
			client, err := net.Dial("tcp", listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			server, err := listener.Accept()
			if err != nil {
				t.Fatal(err)
			}
			defer server.Close()
		}
	}
	// The table also has sockets that ended, such as of an IPv4 client that had the number of the IPv6 listener.
	own := func(sockets []tcpSocket) []tcpSocket {
		sockets = slices.DeleteFunc(sockets, func(s tcpSocket) bool { return !slices.Contains(ports, s.port) || !s.listens && !s.open })
		slices.SortFunc(sockets, func(a, b tcpSocket) int { return cmp.Compare(a.inode, b.inode) })
		return sockets
	}
	diagnosed, err := diagnosedSockets()
	if err != nil {
		needtest.Missing(t, "no sock_diag here: %v", err)
	}
	listed := own(listedSockets(os.Getpid()))
	if len(listed) < 4 {
		t.Fatalf("only %d sockets are listed", len(listed))
	}
	if diff := gocmp.Diff(listed, own(diagnosed), gocmp.AllowUnexported(tcpSocket{})); diff != "" {
		t.Errorf("listed (-) and diagnosed (+) differ:\n%s", diff)
	}
}
