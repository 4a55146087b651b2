package detect

import (
	"context"
	"net"
	"os"
	"strings"
	"sync"
	"time"
)

// hostNameLimit is how long the resolver may take: a name server that is out of reach
// keeps whoever asks it waiting for minutes.
const hostNameLimit = 10 * time.Second

// HostName is the name that httpd takes for itself without a ServerName
// (server/util.c: ap_get_local_host): the full name of this host, or else its
// address, or 127.0.0.1. The resolver is asked once, for ten seconds at most.
var HostName = sync.OnceValue(func() string {
	name, err := os.Hostname()
	if err != nil {
		return noHostName
	}
	ctx, cancel := context.WithTimeout(context.Background(), hostNameLimit)
	defer cancel()
	return fullName(ctx, net.DefaultResolver, name)
})

// noHostName is httpd's name for a host whose name leads nowhere.
const noHostName = "127.0.0.1"

func fullName(ctx context.Context, resolver *net.Resolver, name string) string {
	addresses, err := resolver.LookupIPAddr(ctx, name)
	if err != nil || len(addresses) == 0 {
		return noHostName
	}
	if names, err := resolver.LookupAddr(ctx, addresses[0].IP.String()); err == nil && len(names) > 0 {
		if full := strings.TrimSuffix(names[0], "."); strings.Contains(full, ".") {
			return full
		}
	}
	return addresses[0].IP.String()
}
