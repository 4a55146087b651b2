package system

import (
	"net"
	"os"
	"os/exec"
	"slices"
	"testing"
)

// Apache's children have its socket too, and may have lower numbers than it.
func TestAllProcessesThatHoldAPortAreFound(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	socket, err := listener.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	child := exec.CommandContext(t.Context(), "cat")
	child.ExtraFiles = []*os.File{socket}
	input, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	holders := portHolders(listener.Addr().(*net.TCPAddr).Port)
	for _, pid := range []int{os.Getpid(), child.Process.Pid} { // and for a moment what other tests are about to start
		if !slices.Contains(holders, pid) {
			t.Errorf("processes %v, want %d among them", holders, pid)
		}
	}
	input.Close()
	if err := child.Wait(); err != nil {
		t.Error(err)
	}
}
