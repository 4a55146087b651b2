package trust

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// HowEnded says in words how a command that was to succeed has ended: by the end
// of its context, a signal, or an exit code. Other errors are as they are.
func HowEnded(ctx context.Context, err error) string {
	var exited *exec.ExitError
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return "it was stopped, since wsgictl was"
	case ctx.Err() != nil:
		return "it was stopped, since it took too long"
	case errors.Is(err, exec.ErrWaitDelay):
		return "a program that it has started keeps its output open"
	case !errors.As(err, &exited):
		return err.Error()
	}
	if status, ok := exited.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return "it was stopped by " + unix.SignalName(status.Signal())
	}
	return fmt.Sprintf("exit code %d", exited.ExitCode())
}
