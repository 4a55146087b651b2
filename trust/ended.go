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
// of its context, a signal, or an exit code. The error wraps the one given, and that
// of the context; other errors are as they are.
func HowEnded(ctx context.Context, err error) error {
	if how := howEnded(ctx, err); how != "" {
		return &ended{how, errors.Join(ctx.Err(), err)}
	}
	return err
}

// ended is an error in other words.
type ended struct {
	how string
	err error
}

func (e *ended) Error() string { return e.how }

func (e *ended) Unwrap() error { return e.err }

// howEnded is empty for what is not about the end of a command.
func howEnded(ctx context.Context, err error) string {
	var exited *exec.ExitError
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return "it was stopped, since wsgictl was"
	case ctx.Err() != nil:
		return "it was stopped, since it took too long"
	case errors.Is(err, exec.ErrWaitDelay):
		return "a program that it has started keeps its output open"
	case !errors.As(err, &exited):
		return ""
	}
	if status, ok := exited.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return "it was stopped by " + unix.SignalName(status.Signal())
	}
	return fmt.Sprintf("exit code %d", exited.ExitCode())
}
