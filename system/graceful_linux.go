package system

import (
	"context"
	"fmt"
	"time"
)

// settled is for how long an event MPM whose old children have handed no
// request over may still have clients that are about to send one: it closes
// idle connections at once, so that these are clients that have just connected.
const settled = time.Second

// graceful lets the running Apache take the configuration up. Where it has
// daemon processes, these are kept until the requests under way are answered;
// new ones wait meanwhile in Apache's listening sockets.
func (m Manager) graceful(ctx context.Context) error {
	signal := func() error { return m.Graceful(ctx) }
	pid := m.RunningPID()
	sockets := daemonSockets(pid)
	if m.Drain == 0 || len(sockets) == 0 {
		return signal()
	}
	quiet := m.Drain // other MPMs wait for the next request on an idle connection until KeepAliveTimeout
	if m.MPM == "event" {
		quiet = min(settled, m.Drain)
	}
	trouble, err := reloadHeld(pid, sockets, signal, func() {
		ctx, cancel := context.WithTimeout(ctx, m.Drain)
		defer cancel()
		if left := newDrain(pid, sockets, quiet).await(ctx); left > 0 {
			m.Report(fmt.Sprintf("requests that are cut off, since they took longer than %v: %d", m.Drain, left))
		}
	})
	if trouble != nil {
		m.Report(fmt.Sprintf("requests under way may be answered with 503, since they could not be waited for: %v", trouble))
	}
	return err
}
