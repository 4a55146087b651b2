package telemetry

import (
	"net"
	"path/filepath"
	"testing"
)

// TestQueues lets connections wait that nobody accepts.
func TestQueues(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a socket")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	for waiting := range 4 {
		queues, err := Queues()
		if err != nil {
			t.Fatal(err)
		}
		if got := queues[path]; got.Waiting != waiting || got.Backlog < 128 {
			t.Errorf("%d wait: %+v", waiting, got)
		}
		c, err := net.Dial("unix", path)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
	}
}
