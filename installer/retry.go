package installer

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// passingStatuses are the answers after which pip asks again
// (pip/_internal/network/session.py).
var passingStatuses = []int{500, 502, 503, 520, 527}

// longestPause is what an index may ask for with Retry-After; one that wants
// more is told of instead.
const longestPause = 30 * time.Second

// A clock is time, for tests another one.
type clock struct {
	now  func() time.Time
	wait func(context.Context, time.Duration) error
}

func systemClock() clock {
	return clock{now: time.Now, wait: func(ctx context.Context, pause time.Duration) error {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
			return nil
		}
	}}
}

// persist asks, and asks again where the network or the server fails in a way
// that may pass.
func (w *webClient) persist(ctx context.Context, address *url.URL, header http.Header, user *url.Userinfo) (*http.Response, error) {
	for tried := 1; ; tried++ {
		response, err := w.ask(ctx, address, header, user)
		if err == nil {
			err = w.passing(response)
		}
		pause, again := w.pause(err, tried)
		if !again || ctx.Err() != nil {
			return response, err
		}
		w.warn(redacted(address) + ": " + plain(err) + "; trying again")
		if err := w.clock.wait(ctx, pause); err != nil {
			return nil, err
		}
	}
}

// passing is the error of an answer after which it is worth asking again. It
// closes such an answer.
func (w *webClient) passing(response *http.Response) error {
	after, wants := retryAfter(response.Header.Get("Retry-After"), w.clock.now())
	asks := wants && slices.Contains([]int{http.StatusRequestEntityTooLarge, http.StatusTooManyRequests, http.StatusServiceUnavailable}, response.StatusCode)
	if !asks && !slices.Contains(passingStatuses, response.StatusCode) {
		return nil
	}
	_ = response.Body.Close()
	err := &statusError{code: response.StatusCode, passes: true}
	if asks {
		err.after = after
	}
	return err
}

// retryAfter reads the header of that name: seconds, or a date.
func retryAfter(value string, now time.Time) (pause time.Duration, ok bool) {
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	date, err := http.ParseTime(value)
	return max(date.Sub(now), 0), err == nil
}

// pause is how long to wait after a number of tries, the last of which ended in
// an error; false is not to try again. The first time is at once, then it is
// half a second, doubled each time: urllib3 with pip's backoff_factor of 0.25.
func (w *webClient) pause(err error, tried int) (pause time.Duration, again bool) {
	if tried > w.retries || !mayPass(err) {
		return 0, false
	}
	if tried > 1 {
		pause = 250 * time.Millisecond << (tried - 1)
	}
	if status := (*statusError)(nil); errors.As(err, &status) && status.after > 0 {
		pause = status.after
	}
	return pause, pause <= longestPause
}

// mayPass reports whether an error may be gone with the next try. A name that
// is not there, a certificate that is not trusted, and an alert of TLS stay.
func mayPass(err error) bool {
	if status := (*statusError)(nil); errors.As(err, &status) {
		return status.passes
	}
	if name := (*net.DNSError)(nil); errors.As(err, &name) {
		return !name.IsNotFound
	}
	if alert := tls.AlertError(0); errors.As(err, &alert) {
		return false
	}
	operation := (*net.OpError)(nil)
	return timedOut(err) || errors.As(err, &operation) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}
