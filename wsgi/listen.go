package wsgi

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
	"github.com/wsgictl/wsgictl/httpd/request"
)

// Listen is one Listen of the main server.
type Listen struct {
	Address string // as written, empty for any
	Port    int
}

// Listens are those of the main server, in the order of the text.
func (v *View) Listens() []Listen { return v.listens }

func (v *View) findListens() []Listen {
	var list []Listen
	for _, d := range v.Main().Level {
		if !d.Is("Listen") {
			continue
		}
		word := d.Word(0)
		colon := strings.LastIndexByte(word, ':')
		port, err := strconv.Atoi(word[colon+1:])
		if err != nil {
			continue
		}
		list = append(list, Listen{strings.TrimSuffix(word[:max(colon, 0)], "*"), port})
	}
	return list
}

// serverFor is the server that answers a URL. Where the port has one Listen, and
// an address in it, the local address of the connection is known.
func (v *View) serverFor(c request.Client) (server *conf.Server, certain expr.Truth, reason expr.Reason) {
	var local netip.Addr
	for n, l := range v.listensOn(c.Port) {
		ip, err := netip.ParseAddr(strings.Trim(l.Address, "[]"))
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

func (v *View) listensOn(port int) []Listen {
	return slices.DeleteFunc(slices.Clone(v.listens), func(l Listen) bool { return l.Port != port })
}

// mainServes tells whether the main server answers requests: it does where it
// listens on an address that no virtual host is for, and where the text has no
// Listen to tell it.
func (v *View) mainServes() bool {
	taken := v.takenAddresses()
	for _, l := range v.listens {
		if !taken.has(l) {
			return true
		}
	}
	return len(v.listens) == 0
}

// addresses are those that virtual hosts are for, with "*" for any host and 0 for
// any port.
type addresses map[Listen]bool

func (v *View) takenAddresses() addresses {
	taken := addresses{}
	for _, s := range v.Config.Servers()[1:] {
		for _, address := range s.Addresses {
			at := Listen{address.Host, address.Port}
			if address.IsAny() {
				at.Address = "*"
			}
			if s.Holds == expr.True {
				taken[at] = true
			}
		}
	}
	return taken
}

// has tells whether virtual hosts are for all that comes in by a Listen.
func (a addresses) has(l Listen) bool {
	return a[l] || a[Listen{l.Address, 0}] || a[Listen{"*", l.Port}] || a[Listen{"*", 0}]
}

// ListensFor tells whether the server listens on the port of a URL, and else on which
// ports it does. Of a part of a configuration, which may have others, it tells that it
// does.
func (v *View) ListensFor(text string) (ports string, ok bool) {
	client, err := request.ParseURL(text)
	if err != nil || !v.Config.Complete || len(v.Config.Unread) > 0 {
		return "", true
	}
	written := 0
	for range v.Config.Named("Listen") {
		written++
	}
	if written != len(v.listens) {
		return "", true // one of them has a port that is not known
	}
	var others []string
	for _, l := range v.listens {
		if l.Port == client.Port {
			return "", true
		}
		if port := strconv.Itoa(l.Port); !slices.Contains(others, port) {
			others = append(others, port)
		}
	}
	return strings.Join(others, ", "), len(others) == 0
}
