//go:build !linux

package system

import "context"

// Send has Apache take the configuration up. A request that is handed to a
// daemon process in this moment is answered with 503: on Linux only wsgictl can
// hold Apache until there is none.
func (r Reload) Send(context.Context) error { return r.Signal() }
