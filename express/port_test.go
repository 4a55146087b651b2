package express

import (
	"net"
	"os"
	"syscall"
	"testing"
)

func TestPortOnWhichNobodyCanListenIsToldWithWhatToDo(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]error{
		"port 81: an ordinary user may not listen there; name one from 1024 on with --port (--https-port), or have root start the server, with --user": &net.OpError{Op: "listen", Err: os.NewSyscallError("bind", syscall.EACCES)},
		"--host 192.0.2.1: this machine does not have that address; name one that it has, or leave --host out for all of them":                         listens("192.0.2.1", 8000),
	} {
		if got := cannotListen("192.0.2.1", 81, err); got.Error() != want {
			t.Errorf("%v for %v, want %s", got, err, want)
		}
	}
}
