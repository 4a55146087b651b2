package express

import (
	"fmt"
	"strings"
)

// timeouts are those that depend on each other.
type timeouts struct {
	socket  int    // of each read and write, in seconds
	request int    // how long a request may be stuck, in seconds; 0 for ever
	server  int    // Apache's own, in seconds
	read    string // of RequestReadTimeout
}

// settleTimeouts moves the defaults that would undercut what was asked for, and
// refuses what could never act.
func settleTimeouts(command Command) (timeouts, error) {
	o, given := command.Limits, command.Given
	limits, err := settleReadTimeouts(o, given)
	if err != nil {
		return timeouts{}, err
	}
	if given["socket-timeout"] && given["body-timeout"] && limits.BodyTimeout > o.SocketTimeout {
		return timeouts{}, fmt.Errorf("--body-timeout %d and --socket-timeout %d: the application waits no longer than the second for more of a body; "+
			"leave it out, and it follows, or name as much for it", limits.BodyTimeout, o.SocketTimeout)
	}
	daemon := askedDaemon(command)
	if err := daemon.CheckTimeouts(); err != nil {
		return timeouts{}, err
	}
	t := timeouts{socket: o.SocketTimeout, request: o.RequestTimeout, read: requestReadTimeout(limits)}
	follow := daemon.Timeouts()
	if !given["socket-timeout"] {
		t.socket = max(follow.Socket, limits.BodyTimeout)
	}
	if !given["request-timeout"] {
		t.request = max(int(follow.Recovery.Seconds()), limits.BodyTimeout)
	}
	t.server = max(t.socket, limits.HeaderTimeout)
	return t, nil
}

// settleReadTimeouts does it for RequestReadTimeout. Apache takes a range only
// with a rate, and refuses one whose end is not above its beginning
// (set_reqtimeout_param in mod_reqtimeout.c).
func settleReadTimeouts(o Limits, given map[string]bool) (Limits, error) {
	for _, part := range []struct {
		name                string
		timeout, most, rate *int
	}{
		{"header", &o.HeaderTimeout, &o.HeaderMaxTimeout, &o.HeaderMinRate},
		{"body", &o.BodyTimeout, &o.BodyMaxTimeout, &o.BodyMinRate},
	} {
		timeout, most, rate := part.name+"-timeout", part.name+"-max-timeout", part.name+"-min-rate"
		ranged := given[most] && *part.most > 0
		switch {
		case *part.timeout == 0 && (ranged || given[rate] && *part.rate > 0):
			return o, fmt.Errorf("--%s 0: without it --%s and --%s have no effect; leave them out", timeout, most, rate)
		case *part.rate == 0 && ranged:
			return o, fmt.Errorf("--%s %d: with --%s 0 nothing prolongs --%s; leave it out", most, *part.most, rate, timeout)
		case *part.rate == 0:
			*part.most = 0
		case ranged && given[timeout] && *part.most <= *part.timeout:
			return o, fmt.Errorf("--%s %d: want more than --%s, which is %d", most, *part.most, timeout, *part.timeout)
		case ranged && *part.most == 1:
			return o, fmt.Errorf("--%s 1: want at least 2", most)
		case ranged && *part.most <= *part.timeout:
			*part.timeout = *part.most / 2
		case *part.most > 0 && *part.most <= *part.timeout:
			*part.most = 2 * *part.timeout // as the defaults are to each other
		}
	}
	return o, nil
}

// requestReadTimeout are the arguments of the directive.
func requestReadTimeout(o Limits) string {
	var parts []string
	for _, part := range []struct {
		name                  string
		timeout, most, atRate int
	}{
		{"header", o.HeaderTimeout, o.HeaderMaxTimeout, o.HeaderMinRate},
		{"body", o.BodyTimeout, o.BodyMaxTimeout, o.BodyMinRate},
	} {
		text := fmt.Sprintf("%s=%d", part.name, part.timeout)
		if part.timeout > 0 && part.most > 0 {
			text += fmt.Sprintf("-%d", part.most)
		}
		if part.timeout > 0 && part.atRate > 0 {
			text += fmt.Sprintf(",MinRate=%d", part.atRate)
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, " ")
}
