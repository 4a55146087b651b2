package express

import (
	"fmt"
	"strings"
)

// settleTimeouts moves the defaults that would undercut what was asked for, and
// refuses what could never act.
func (p *planner) settleTimeouts() (Options, error) {
	given := p.command.Given
	o, err := p.settleReadTimeouts()
	if err != nil {
		return o, err
	}
	if given["socket-timeout"] && given["body-timeout"] && o.BodyTimeout > o.SocketTimeout {
		return o, fmt.Errorf("--body-timeout %d and --socket-timeout %d: the application waits no longer than the second for more of a body; "+
			"leave it out, and it follows, or name as much for it", o.BodyTimeout, o.SocketTimeout)
	}
	daemon := p.askedDaemon()
	if err := daemon.CheckTimeouts(); err != nil {
		return o, err
	}
	timeouts := daemon.Timeouts()
	if !given["socket-timeout"] {
		o.SocketTimeout = max(timeouts.Socket, o.BodyTimeout)
	}
	if !given["request-timeout"] {
		o.RequestTimeout = max(int(timeouts.Recovery.Seconds()), o.BodyTimeout)
	}
	return o, nil
}

// settleReadTimeouts does it for RequestReadTimeout. Apache takes a range only
// with a rate, and refuses one whose end is not above its beginning
// (set_reqtimeout_param in mod_reqtimeout.c).
func (p *planner) settleReadTimeouts() (Options, error) {
	o, given := p.command.Options, p.command.Given
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

func requestReadTimeout(o Options) string {
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
