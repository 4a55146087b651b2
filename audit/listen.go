package audit

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
	"github.com/wsgictl/wsgictl/httpd/request"
)

// listen is one Listen: an address, empty for any, and a port.
type listen struct {
	address string
	port    int
}

func (v *View) listens() []listen {
	var list []listen
	for _, d := range v.main().Level {
		if !d.Is("Listen") {
			continue
		}
		word := d.Word(0)
		colon := strings.LastIndexByte(word, ':')
		port, err := strconv.Atoi(word[colon+1:])
		if err != nil {
			continue
		}
		list = append(list, listen{strings.TrimSuffix(word[:max(colon, 0)], "*"), port})
	}
	return list
}

// serverFor is the server that answers a URL. Where the port has one Listen, and
// an address in it, the local address of the connection is known.
func (v *View) serverFor(c request.Client) (server *conf.Server, certain expr.Truth, reason string) {
	var local netip.Addr
	for n, l := range v.listensOn(c.Port) {
		ip, err := netip.ParseAddr(strings.Trim(l.address, "[]"))
		if err != nil || ip.IsUnspecified() || n > 0 {
			return v.Config.ServerFor(c.Host, c.Port)
		}
		local = ip
	}
	if !local.IsValid() {
		return v.Config.ServerFor(c.Host, c.Port)
	}
	return v.Config.ServerAt(local, c.Host, c.Port)
}

func (v *View) listensOn(port int) []listen {
	return slices.DeleteFunc(v.listens(), func(l listen) bool { return l.port != port })
}

// mainServes tells whether the main server answers requests: it does where it
// listens on an address that no virtual host is for, and where the text has no
// Listen to tell it.
func (v *View) mainServes() bool {
	listens := v.listens()
	for _, l := range listens {
		if !v.isTaken(l) {
			return true
		}
	}
	return len(listens) == 0
}

// isTaken tells whether virtual hosts are for all that comes in by a Listen.
func (v *View) isTaken(l listen) bool {
	for _, s := range v.Config.Servers()[1:] {
		for _, address := range s.Addresses {
			if (address.Port == l.port || address.Port == 0) && (address.IsAny() || address.Host == l.address) && s.Holds == expr.True {
				return true
			}
		}
	}
	return false
}

// isPlainHTTP tells whether a virtual host is for port 80.
func isPlainHTTP(s *conf.Server) bool {
	for _, address := range s.Addresses {
		if address.Port == 80 {
			return true
		}
	}
	return false
}
