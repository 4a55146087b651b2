package system

import (
	"context"
	"fmt"
	"time"

	"github.com/wsgictl/wsgictl/store"
)

// settled is for how long an event MPM whose old children have handed no
// request over may still have clients that are about to send one: it closes
// idle connections at once, so that these are clients that have just connected.
const settled = time.Second

// Send has Apache take the configuration up. Where it has daemon processes,
// these are kept until the requests under way are answered; new ones wait
// meanwhile in Apache's listening sockets.
func (r Reload) Send(ctx context.Context) error {
	sockets := daemonSockets(r.PID)
	if r.Drain == 0 || len(sockets) == 0 {
		return r.Signal()
	}
	defer store.IgnoreSignals()()
	done, err := r.closeIdle(ctx)
	if err != nil {
		r.Report(fmt.Sprintf("clients that keep connections open may lose a request: %v", err))
	}
	defer done()
	quiet := r.Drain // other MPMs wait for the next request on an idle connection until KeepAliveTimeout
	if r.MPM == "event" {
		quiet = min(settled, r.Drain)
	}
	left := 0
	trouble, err := reloadHeld(r.PID, sockets, r.Signal, func() {
		ctx, cancel := context.WithTimeout(ctx, r.Drain)
		defer cancel()
		left = newDrain(r.PID, sockets, quiet).await(ctx)
	})
	if left > 0 { // Apache does not wait for those who read this
		r.Report(fmt.Sprintf("requests that are cut off, since they took longer than %v: %d", r.Drain, left))
	}
	if trouble != nil {
		r.Report(fmt.Sprintf("requests under way may be answered with 503, since they could not be waited for: %v", trouble))
	}
	return err
}
