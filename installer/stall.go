package installer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"
)

// A stallError is a connection that took too long, or one on which too long
// nothing came.
type stallError struct {
	connected bool
	after     time.Duration
}

func (e *stallError) Error() string {
	if !e.connected {
		return fmt.Sprintf("no connection within %s", e.after)
	}
	return fmt.Sprintf("nothing came for %s: the server, or what is on the way to it, stalls", e.after)
}

// Timeout and Temporary make it a [net.Error].
func (*stallError) Timeout() bool   { return true }
func (*stallError) Temporary() bool { return false }

// impatientDial gives connections on which nothing is waited for longer than
// the timeout: neither the connection itself, nor its next byte.
func impatientDial(timeout time.Duration) func(context.Context, string, string) (net.Conn, error) {
	dialer := &net.Dialer{Timeout: timeout}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		connection, err := dialer.DialContext(ctx, network, address)
		if timedOut(err) && ctx.Err() == nil {
			return nil, &stallError{after: timeout}
		}
		if err != nil {
			return nil, err
		}
		return impatient{connection, timeout}, nil
	}
}

type impatient struct {
	net.Conn
	timeout time.Duration
}

func (c impatient) Read(p []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(c.timeout)); err != nil {
		return 0, err
	}
	n, err := c.Conn.Read(p)
	if timedOut(err) {
		err = &stallError{connected: true, after: c.timeout}
	}
	return n, err
}

func timedOut(err error) bool {
	network := net.Error(nil)
	return errors.As(err, &network) && network.Timeout()
}
