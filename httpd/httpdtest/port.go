package httpdtest

import (
	"fmt"
	"math/rand/v2"
	"net"
	"testing"
)

// FreePort gives a TCP port that nothing listens on, on any address, and that
// no other test gets, also of another program, until this one ends. It is below
// the ports that systems take for connections by themselves, so that none of
// them is on it when a server starts.
func FreePort(t testing.TB) int {
	t.Helper()
	for range 10_000 {
		port := 20_000 + rand.IntN(12_000)
		// The same port of UDP, which Apache does not use, tells others that it is taken.
		claim, err := net.ListenPacket("udp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		if listener, err := net.Listen("tcp", fmt.Sprintf(":%d", port)); err == nil {
			t.Cleanup(func() { claim.Close() })
			if err := listener.Close(); err != nil {
				t.Fatal(err)
			}
			return port
		}
		claim.Close()
	}
	t.Fatal("no free port")
	return 0
}
