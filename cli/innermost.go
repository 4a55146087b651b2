package cli

import (
	"errors"
	"net/url"
	"syscall"
)

// innermost is what the system says of a connection, without the address that the
// message has already.
func innermost(err error) error {
	var said syscall.Errno
	var at *url.Error
	switch {
	case errors.As(err, &said):
		return said
	case errors.As(err, &at):
		return at.Err
	}
	return err
}
