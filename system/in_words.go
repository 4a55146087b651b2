package system

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// inWords is an error of the operating system or of Go's libraries in words for
// who reads messages; others are as they are.
func inWords(err error) string {
	var exited *exec.ExitError
	var number syscall.Errno
	switch {
	case errors.Is(err, context.Canceled):
		return "the command was stopped"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return "there was no answer in time"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nothing listens there"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection was closed without an answer"
	case errors.Is(err, fs.ErrNotExist):
		return "it is not there"
	case errors.As(err, &exited):
		return endOfProcess(exited.ProcessState)
	case errors.As(err, &number):
		return number.Error()
	case errors.As(err, new(*net.OpError)):
		return "the network fails: " + err.Error()
	}
	return err.Error()
}

// endOfProcess says how a process ended that was not to end so.
func endOfProcess(state *os.ProcessState) string {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return "it was ended by " + unix.SignalName(status.Signal())
	}
	return fmt.Sprintf("it exited with code %d", state.ExitCode())
}
