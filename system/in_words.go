package system

import (
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
)

// inWords says why there was no answer from the network, or a port could not be
// had; other errors are as they are.
func inWords(err error) string {
	var number syscall.Errno
	var record tls.RecordHeaderError
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nothing listens there"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection was closed without one"
	case errors.Is(err, http.ErrSchemeMismatch), errors.As(err, &record):
		return "what listens there speaks no HTTPS"
	case strings.Contains(err.Error(), "malformed HTTP"):
		return "what listens there speaks no HTTP"
	case errors.As(err, &number):
		return number.Error()
	}
	return err.Error()
}
