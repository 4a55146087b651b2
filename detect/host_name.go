package detect

import (
	"net"
	"os"
	"strings"
	"sync"
)

// HostName is the name that httpd takes for itself without a ServerName
// (server/util.c: ap_get_local_host): the full name of this host, or else its
// address, or 127.0.0.1. The resolver is asked once.
var HostName = sync.OnceValue(func() string {
	name, err := os.Hostname()
	if err != nil {
		return "127.0.0.1"
	}
	addresses, err := net.LookupIP(name)
	if err != nil || len(addresses) == 0 {
		return "127.0.0.1"
	}
	if names, err := net.LookupAddr(addresses[0].String()); err == nil && len(names) > 0 {
		if full := strings.TrimSuffix(names[0], "."); strings.Contains(full, ".") {
			return full
		}
	}
	return addresses[0].String()
})
