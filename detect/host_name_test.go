package detect

import (
	"context"
	"net"
	"testing"
)

// TestNameServerOutOfReachIsNotWaitedFor ends the context once a name server is asked,
// which does not answer.
func TestNameServerOutOfReachIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	silent := &net.Resolver{PreferGo: true, Dial: func(dialing context.Context, _, _ string) (net.Conn, error) {
		cancel()
		<-dialing.Done()
		return nil, dialing.Err()
	}}
	if name := fullName(ctx, silent, "host-without-a-name.invalid"); name != noHostName {
		t.Errorf("the name is %s", name)
	}
}
