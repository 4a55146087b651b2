package installer

import (
	"fmt"
	"strconv"
	"time"
)

// Patience is how long a server is waited for; what it does not say is as pip
// does by default.
type Patience struct {
	Retries *int          // how often to ask again where that may help
	Timeout time.Duration // for a connection, and for the next byte on it
}

// What pip does by default (pip/_internal/cli/cmdoptions.py).
const (
	pipsRetries = 5
	pipsTimeout = 15 * time.Second
)

func (p Patience) retries() int {
	if p.Retries != nil {
		return *p.Retries
	}
	return pipsRetries
}

func (p Patience) timeout() time.Duration {
	if p.Timeout > 0 {
		return p.Timeout
	}
	return pipsTimeout
}

// patience reads pip's settings retries and timeout, in seconds.
func (s pipSettings) patience() (Patience, error) {
	var p Patience
	if text := s["retries"]; text != "" {
		retries, err := strconv.ParseUint(text, 10, 16)
		if err != nil {
			return p, fmt.Errorf("pip's setting retries: %q is no number of retries", text)
		}
		p.Retries = new(int(retries))
	}
	if text := firstOf(s["timeout"], s["default-timeout"]); text != "" {
		seconds, err := strconv.ParseFloat(text, 64)
		if err != nil || !(seconds > 0 && seconds < 1e6) {
			return p, fmt.Errorf("pip's setting timeout: %q is no number of seconds", text)
		}
		p.Timeout = time.Duration(seconds * float64(time.Second))
	}
	return p, nil
}
