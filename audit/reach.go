package audit

import (
	"net/netip"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// isLocal tells whether only this machine reaches a server: all its addresses
// are loopback addresses.
func (f *facts) isLocal(s *conf.Server) bool {
	if s.IsVirtual() {
		for _, address := range s.Addresses {
			if !isLoopback(address.Host) {
				return f.listensLocally()
			}
		}
		return len(s.Addresses) > 0
	}
	return f.listensLocally()
}

func (f *facts) listensLocally() bool {
	listens := f.Listens()
	for _, l := range listens {
		if !isLoopback(l.Address) {
			return false
		}
	}
	return len(listens) > 0
}

func isLoopback(host string) bool {
	address, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && address.IsLoopback() || host == "localhost"
}
