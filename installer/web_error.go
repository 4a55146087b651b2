package installer

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// A statusError is an answer other than 200.
type statusError struct {
	code   int
	passes bool          // it is worth asking again
	after  time.Duration // what the server wants to be left alone before; 0 is nothing
}

func (e *statusError) Error() string {
	switch {
	case e.code == http.StatusUnauthorized, e.code == http.StatusForbidden:
		return answered(e.code) + ": it wants a login, or another one: in the index's address, in ~/.netrc, or a user's in the address and the password in keyring"
	case e.code == http.StatusProxyAuthRequired:
		return "the proxy wants a login, or another one: http://USER:PASSWORD@HOST:PORT in HTTPS_PROXY, HTTP_PROXY or pip's setting proxy"
	case e.after > longestPause:
		return fmt.Sprintf("%s: it wants to be asked again after %s", answered(e.code), e.after)
	}
	return answered(e.code)
}

// answered names a status in the words of the standard, not in the server's.
func answered(code int) string {
	return strings.TrimSpace(fmt.Sprintf("answered %d %s", code, http.StatusText(code)))
}

// plain is the text of an error of the network, with what to do where that is
// known.
func plain(err error) string {
	text := err.Error()
	stall, unknown := (*stallError)(nil), x509.UnknownAuthorityError{}
	switch {
	case errors.As(err, &stall):
		text = stall.Error()
	case errors.As(err, &unknown):
		text += ": name a file with the certificates to trust in PIP_CERT or SSL_CERT_FILE"
	case errors.Is(err, io.ErrUnexpectedEOF):
		text = "the answer breaks off"
	case errors.Is(err, io.EOF):
		text = "the server closed the connection without an answer"
	}
	return oneLine(text)
}
