package system

import (
	"context"
	"errors"
	"time"
)

// A Reload is one graceful reload of a running Apache.
type Reload struct {
	PID    int           // of its parent process
	MPM    string        // "event", "worker" or "prefork"
	Drain  time.Duration // how long requests under way are waited for; 0 for not at all
	Signal func() error  // tells Apache to reload
	Report func(string)  // takes what users should know

	// Closing is the link by which Apache is asked to end connections; empty
	// where its configuration does not look for one.
	Closing string
}

// graceful lets the running Apache take the configuration up.
func (m Manager) graceful(ctx context.Context) error {
	pid := m.RunningPID()
	if pid == 0 { // and "-k graceful" would start one, of which nobody would know whether it came up
		return errors.New("Apache was stopped in the middle of the change")
	}
	return Reload{
		PID: pid, MPM: m.MPM, Drain: m.Drain, Report: m.Report, Closing: m.closing(),
		Signal: func() error { return m.Graceful(ctx) },
	}.Send(ctx)
}
