package conf

import (
	"bufio"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// WriteHosts writes the virtual hosts as "httpd -t -D DUMP_VHOSTS" does
// (server/vhost.c: dump_vhost_config): by address, those with an IP address
// first, and all names where several virtual hosts share one address. The
// order of IP addresses is that of the text, not of httpd's hash table. unnamed
// is the name of the host itself, which a server without a ServerName takes.
func (c *Config) WriteHosts(out io.Writer, unnamed string) error {
	d := dumper{out: bufio.NewWriter(out), unnamed: unnamed}
	d.words("VirtualHost configuration:\n")
	exact, wild := c.chains()
	for _, chain := range slices.Concat(exact, wild) {
		d.chain(chain)
	}
	return d.out.Flush()
}

// chain are the virtual hosts of one address, in the order of the text.
type chain struct {
	address Address
	names   []chainName
}

type chainName struct {
	server *Server
	port   int
}

// chains are the addresses with their virtual hosts, as ap_fini_vhost_config
// links them: it goes through the virtual hosts from the last to the first and
// puts what it finds at the front.
func (c *Config) chains() (exact, wild []*chain) {
	found := map[Address]*chain{}
	for _, s := range slices.Backward(c.Servers()[1:]) {
		var previous Address
		for i, address := range s.Addresses {
			key := normalAddress(address)
			if i > 0 && key == previous && key.IsAny() {
				continue
			}
			previous = key
			at := found[key]
			if at == nil {
				at = &chain{address: key}
				found[key] = at
				if key.IsAny() {
					wild = append(wild, at)
				} else {
					exact = append(exact, at)
				}
			}
			at.names = append(at.names, chainName{s, address.Port})
		}
	}
	slices.Reverse(exact)
	slices.Reverse(wild)
	for _, at := range found {
		slices.Reverse(at.names)
	}
	return exact, wild
}

// normalAddress is the address without what is only another spelling.
func normalAddress(a Address) Address {
	if a.Host == "*" {
		return Address{Host: a.Host, Port: a.Port, Mark: a.Mark}
	}
	host := strings.ToLower(a.Host)
	if ip, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		host = ip.String()
	}
	if a.IsAny() {
		host = "*"
	}
	return Address{Host: host, Port: a.Port, Mark: a.Mark}
}

func (d *dumper) chain(at *chain) {
	first := at.names[0].server
	if len(at.names) == 1 {
		d.words(fmt.Sprintf("%-22s ", addressText(at.address)), d.server(first), "\n")
		return
	}
	d.words(fmt.Sprintf("%-22s is a NameVirtualHost\n", addressText(at.address)))
	d.words("         default server ", d.server(first), "\n")
	for _, name := range at.names {
		d.words("         port ", portText(name.port), " namevhost ", d.server(name.server), "\n")
		d.aliases(name.server.Aliases, "alias", false)
		d.aliases(name.server.Aliases, "wild alias", true)
	}
}

func (d *dumper) aliases(aliases []string, what string, wild bool) {
	for _, alias := range aliases {
		if strings.ContainsAny(alias, "*?") == wild {
			d.words("                 ", what, " ", Written(alias), "\n")
		}
	}
}

func addressText(a Address) string {
	host := Written(a.Host)
	if ip, err := netip.ParseAddr(host); err == nil && ip.Is6() {
		host = "[" + host + "]"
	}
	if a.Mark != "" {
		return host + ":" + Written(a.Mark)
	}
	return host + ":" + portText(a.Port)
}

func portText(port int) string {
	if port == 0 {
		return "*"
	}
	return strconv.Itoa(port)
}

func (d *dumper) server(s *Server) string {
	name := s.Name
	if name == "" {
		name = d.unnamed
	}
	return fmt.Sprintf("%s (%s:%d)", Written(name), s.Section.Source.Name, s.Section.last)
}
