package cli

import (
	"context"
	"errors"
	"net"
	"os/exec"
	"slices"
	"syscall"

	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/installer"
	"github.com/wsgictl/wsgictl/system"
)

// usageError is wrong use that only the command itself can see: the error of a step
// that judges what was asked for, declared or named.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// isWrongUse tells whether an error is about a command line, or about what it names.
// Such a step may also fail by what it does, and then no other words would help.
func isWrongUse(err error) bool {
	isRequest := errors.As(err, new(usageError)) || errors.As(err, new(*installed.RequestError)) ||
		errors.As(err, new(*installer.RequestError)) || errors.As(err, new(*system.RequestError))
	return isRequest && !isFailure(err) && !isRefused(err)
}

// isFailure tells the error of an operation that was right to try: by a full disk, a
// file that may not be read, the network, a program, or since it was stopped.
func isFailure(err error) bool {
	var number syscall.Errno
	switch {
	case errors.As(err, &number):
		return !slices.Contains(ofNames, number)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return true
	}
	return errors.As(err, new(net.Error)) || errors.As(err, new(*exec.ExitError)) || errors.As(err, new(*exec.Error))
}

// ofNames are the errors of the system about a name that leads nowhere, or to
// something else than it should.
var ofNames = []syscall.Errno{syscall.ENOENT, syscall.ENOTDIR, syscall.EISDIR, syscall.ELOOP, syscall.ENAMETOOLONG, syscall.EINVAL}

// isRefused tells the error of what is left undone since somebody could become root
// by it, or since others have changed files.
func isRefused(err error) bool {
	return isUntrusted(err) || errors.As(err, new(*system.Misfit)) || errors.As(err, new(*system.CopyByHand)) || errors.Is(err, system.ErrCertbotRuns)
}
