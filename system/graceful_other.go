//go:build !linux

package system

import "context"

// graceful lets the running Apache take the configuration up. A request that is
// handed to a daemon process in this moment is answered with 503: on Linux only
// wsgictl can hold Apache until there is none.
func (m Manager) graceful(ctx context.Context) error { return m.Graceful(ctx) }
