package conf

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// ServerFor finds the server that answers a request that comes in on a local
// port with this name in its Host header, as httpd does: by address first and
// by name among those with the same address. The local address is host where
// that is an IP address, and otherwise not known. The truth is Unknown, with
// the reason, when the answer depends on it, or on an undecided condition; the
// server is then the likely one.
func (c *Config) ServerFor(host string, port int) (server *Server, certain expr.Truth, reason expr.Reason) {
	ip, _ := netip.ParseAddr(strings.Trim(host, "[]"))
	return c.serverAt(ip, host, port)
}

// ServerAt is ServerFor for a connection to a known local address.
func (c *Config) ServerAt(local netip.Addr, host string, port int) (server *Server, certain expr.Truth, reason expr.Reason) {
	return c.serverAt(local, host, port)
}

func (c *Config) serverAt(local netip.Addr, host string, port int) (server *Server, certain expr.Truth, reason expr.Reason) {
	host = strings.TrimSuffix(host, ".") // fix_hostname
	groups := c.addressGroups(local, port)
	if len(groups) == 0 {
		return c.Main(), expr.True, nil
	}
	certain = expr.True
	for _, group := range groups {
		if s, named := group.find(host); server == nil || named && !server.HasName(host) {
			server = s
		}
	}
	if server.Holds != expr.True {
		certain, reason = expr.Unknown, server.Section.Unknown.Reason
	}
	for _, group := range groups {
		if s, _ := group.find(host); s != server {
			certain, reason = expr.Unknown, Undecided{LocalAddress, fmt.Sprintf("%s or %s", server.Section.Pos(), s.Section.Pos())}
		}
	}
	return server, certain, reason
}

// addressGroup are the virtual hosts of one address and port, in the order of
// the text: name-based virtual hosts when there is more than one.
type addressGroup struct {
	address  Address
	servers  []*Server
	names    map[string]int    // in lower case: the first server with that name
	ends     map[string]int    // in lower case, ".example.org" of an alias *.example.org: the first server with it
	wild     expr.LiteralIndex // servers with another pattern among their aliases, by what stands between its stars
	patterns map[string]bool   // these, in lower case
	hosts    map[string]int    // words of <VirtualHost>: the first server with it
}

// add adds a server, once for all of its words with the address.
func (g *addressGroup) add(s *Server) {
	if n := len(g.servers); n == 0 || g.servers[n-1] != s {
		g.servers = append(g.servers, s)
	}
}

// index makes the maps, with room for what goes into them.
func (g *addressGroup) index() {
	names := 0
	for _, s := range g.servers {
		names += 1 + len(s.Aliases)
	}
	g.names = make(map[string]int, names)
	for i, s := range g.servers {
		g.addNames(s, i)
	}
}

func (g *addressGroup) addNames(s *Server, index int) {
	addFirst(&g.names, s.Name, index)
	for _, alias := range s.Aliases {
		end, isEnd := strings.CutPrefix(alias, "*.")
		switch isPattern := strings.ContainsAny(alias, "*?"); {
		case isEnd && !strings.ContainsAny(end, "*?"):
			addFirst(&g.ends, "."+end, index)
		case isPattern:
			g.addWild(strings.ToLower(alias), index)
		default:
			addFirst(&g.names, alias, index)
		}
	}
	for _, address := range s.Addresses {
		addFirst(&g.hosts, address.Host, index)
	}
}

// addWild adds a pattern of a server. One that a server before it has does not
// lead here.
func (g *addressGroup) addWild(pattern string, index int) {
	if g.patterns[pattern] {
		return
	}
	if g.patterns == nil {
		g.patterns = map[string]bool{}
	}
	g.patterns[pattern] = true
	longest := ""
	for _, part := range strings.FieldsFunc(pattern, func(c rune) bool { return c == '*' || c == '?' }) {
		if part = expr.ASCIIStart(part); len(part) > len(longest) {
			longest = part
		}
	}
	g.wild.Add(index, longest)
}

// addFirst makes the map with its first name: most groups have one of a few.
func addFirst(index *map[string]int, name string, value int) {
	if *index == nil {
		*index = map[string]int{}
	}
	name = strings.ToLower(name)
	if _, ok := (*index)[name]; !ok {
		(*index)[name] = value
	}
}

// find is the first virtual host with that name, or else the first one. A host
// that stands on the <VirtualHost> line counts after all names
// (update_server_from_aliases).
func (g *addressGroup) find(host string) (s *Server, named bool) {
	lower := strings.ToLower(host)
	first, ok := g.names[lower]
	for i := range lower {
		if lower[i] != '.' {
			continue
		}
		if index, found := g.ends[lower[i:]]; found && (!ok || index < first) {
			first, ok = index, true
		}
	}
	for index := range expr.InOrder(g.wild.Near(lower)) {
		if ok && index >= first {
			break
		}
		if g.servers[index].HasName(host) {
			first, ok = index, true
		}
	}
	if !ok {
		first, ok = g.hosts[lower]
	}
	return g.servers[first], ok // 0 when not found
}

// Hidden gives for each virtual host that never answers to its own ServerName
// the one that does: it has the name too, and comes first at each address.
func (c *Config) Hidden() map[*Server]*Server {
	hidden := map[*Server]*Server{}
	for _, group := range c.groups() {
		for _, s := range group.servers {
			if first := group.answering(s); s.NameFrom != nil && first != s {
				hidden[s] = first
			}
		}
	}
	for _, group := range c.groups() {
		for _, s := range group.servers {
			if _, found := hidden[s]; found && group.answering(s) == s {
				delete(hidden, s)
			}
		}
	}
	return hidden
}

// answering is the server of a group that answers to the ServerName of one of
// them.
func (g *addressGroup) answering(s *Server) *Server {
	first, _ := g.find(s.Name)
	return first
}

// addressGroups are the groups that a connection to this port may reach: those
// with the exact address where it is known, and otherwise each of them, and the
// wildcard one, of which an exact port wins over any port
// (ap_update_vhost_given_ip).
func (c *Config) addressGroups(local netip.Addr, port int) []*addressGroup {
	var exact, wild []*addressGroup
	for _, group := range c.groups() {
		if group.address.Port != port && group.address.Port != 0 {
			continue
		}
		own, err := netip.ParseAddr(strings.Trim(group.address.Host, "[]"))
		switch {
		case group.address.IsAny():
			wild = append(wild, group)
		case !local.IsValid() || err != nil || local.Unmap() == own.Unmap():
			exact = append(exact, group)
		}
	}
	exact, wild = preferPort(exact, port), preferPort(wild, port)
	if local.IsValid() && len(exact) > 0 {
		return exact
	}
	return append(wild, exact...)
}

// preferPort leaves out groups for any port whose address has one for exactly
// this port.
func preferPort(groups []*addressGroup, port int) []*addressGroup {
	exact := map[string]bool{}
	for _, group := range groups {
		if group.address.Port == port {
			exact[group.address.Host] = true
		}
	}
	return slices.DeleteFunc(groups, func(group *addressGroup) bool {
		return group.address.Port == 0 && exact[group.address.Host]
	})
}

// groups are the virtual hosts by address and port.
func (c *Config) groups() []*addressGroup {
	c.groupsOnce.Do(func() {
		index := map[Address]*addressGroup{}
		for _, s := range c.Servers()[1:] {
			for _, address := range s.Addresses {
				key := normalAddress(address)
				group := index[key]
				if group == nil {
					group = &addressGroup{address: key}
					index[key] = group
					c.addresses = append(c.addresses, group)
				}
				group.add(s)
			}
		}
		for _, group := range c.addresses {
			group.index()
		}
	})
	return c.addresses
}
