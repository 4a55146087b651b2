package conf

import (
	"iter"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// Server is the main server or a virtual host.
type Server struct {
	Config    *Config
	Index     int        // its place in Config.Servers
	Section   *Directive // the <VirtualHost>, nil for the main server
	Addresses []Address  // of the <VirtualHost>
	Name      string     // from ServerName, or the main server's; empty where httpd would ask for one that is not known
	NameFrom  *Directive // the ServerName, or nil
	Port      int        // from ServerName or the first address; 0 when neither has one
	Aliases   []string   // from ServerAlias; with "*" or "?" they are patterns

	// Holds is Unknown where the whole virtual host is inside an undecided
	// condition.
	Holds expr.Truth

	accessOnce   sync.Once
	accessNames  []string // of AccessFileName
	sectionsOnce sync.Once
	own          sections
}

// Address is one word of <VirtualHost …>: where the virtual host listens.
type Address struct {
	Text string // as written
	Host string // an IP address, "*" for any, or a host name that DNS would answer
	Port int    // 0 for any, and where it is not known
	Mark string // of a template, which stands for the port
}

// IsAny tells whether the address stands for every local address.
func (a Address) IsAny() bool {
	if a.Host == "*" {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(a.Host, "[]"))
	return err == nil && ip.IsUnspecified()
}

// Main is the main server.
func (c *Config) Main() *Server { return c.Servers()[0] }

// Servers are the main server and after it the virtual hosts in the order of
// the text. The slice is made once: do not change it.
func (c *Config) Servers() []*Server {
	c.serversOnce.Do(func() { c.servers = newServers(c) })
	return c.servers
}

// ServersNamed are the virtual hosts with this ServerName, in the order of the
// text. Letters count as they are written.
func (c *Config) ServersNamed(name string) []*Server {
	c.byNameOnce.Do(func() {
		c.byName = make(map[string][]*Server, len(c.Servers()))
		for _, s := range c.Servers()[1:] {
			c.byName[s.Name] = append(c.byName[s.Name], s)
		}
	})
	return c.byName[name]
}

func newServers(c *Config) []*Server {
	main := &Server{Config: c, Holds: expr.True}
	main.readNames(c.Directives())
	if main.NameFrom == nil && c.hostName != nil {
		main.Name = c.hostName() // ap_fini_vhost_config
	}
	var hosts []*Directive
	for d := range c.Directives() {
		if d.Is("<VirtualHost") {
			hosts = append(hosts, d)
		}
	}
	servers, room := make([]*Server, 1+len(hosts)), make([]Server, len(hosts))
	servers[0] = main
	inParts(len(hosts), func(from, to int) {
		for i := from; i < to; i++ {
			servers[i+1] = &room[i]
			room[i].Index = i + 1
			room[i].readHost(main, hosts[i])
		}
	})
	return servers
}

// readHost reads what the section of a virtual host says of it.
func (s *Server) readHost(main *Server, section *Directive) {
	s.Config, s.Section, s.Holds, s.Port = main.Config, section, section.certain(), main.Port
	for rest := trimLeft(section.text()); rest != ""; {
		var word string
		word, rest = Word(rest)
		s.Addresses = append(s.Addresses, parseAddress(word, main.Port))
	}
	if len(s.Addresses) > 0 && s.Addresses[0].Port != 0 {
		s.Port = s.Addresses[0].Port
	}
	s.readNames(section.Children())
	if s.NameFrom == nil && s.isDefault() {
		s.Name = main.Name // ap_fini_vhost_config
	}
}

// isDefault tells whether one of the addresses is a wildcard.
func (s *Server) isDefault() bool {
	for _, address := range s.Addresses {
		if address.IsAny() {
			return true
		}
	}
	return false
}

// IsVirtual tells whether this is a virtual host.
func (s *Server) IsVirtual() bool { return s.Section != nil }

// IsPlainHTTP tells whether the server is a virtual host for port 80.
func (s *Server) IsPlainHTTP() bool {
	return slices.ContainsFunc(s.Addresses, func(a Address) bool { return a.Port == 80 })
}

// Directives are those directly in the server: outside any section for the
// main server, and directly inside the <VirtualHost> of a virtual host.
func (s *Server) Directives() iter.Seq[*Directive] {
	return func(yield func(*Directive) bool) {
		if s.Section != nil {
			s.Section.Children()(yield)
		} else {
			s.Config.Directives()(yield)
		}
	}
}

func (s *Server) first() *Directive {
	if s.Section != nil {
		return s.Section.child
	}
	return s.Config.first()
}

func (s *Server) readNames(directives iter.Seq[*Directive]) {
	for d := range directives {
		switch {
		case d.Is("ServerName"):
			s.NameFrom = d
			s.Name, s.Port = ParseServerName(d.Word(0))
		case d.Is("ServerAlias"):
			if words := d.Words(); s.Aliases == nil {
				s.Aliases = words // as for most: nothing to copy
			} else {
				s.Aliases = append(s.Aliases, words...)
			}
		}
	}
}

// ParseServerName takes [scheme://]name[:port] apart (server_hostname_port).
func ParseServerName(text string) (name string, port int) {
	if _, after, ok := strings.Cut(text, "://"); ok {
		text = after
	}
	name, digits, ok := strings.Cut(text, ":")
	if ok {
		port, _ = strconv.Atoi(digits)
	}
	return name, port
}

// parseAddress reads one word of <VirtualHost (get_addresses).
func parseAddress(word string, defaultPort int) Address {
	a := Address{Text: word, Host: word, Port: defaultPort}
	if colon := strings.LastIndexByte(word, ':'); colon >= 0 && !strings.HasSuffix(word, "]") {
		a.Host = word[:colon]
		a.Port, _ = strconv.Atoi(word[colon+1:]) // "*" is any port: 0
		if HasMark(word[colon+1:]) {
			a.Mark = word[colon+1:]
		}
	}
	if strings.EqualFold(a.Host, "_default_") {
		a.Host = "*"
	}
	return a
}

// HasName tells whether the server answers to host by its ServerName or an
// alias (matches_aliases), without looking at case.
func (s *Server) HasName(host string) bool {
	if strings.EqualFold(host, s.Name) {
		return true
	}
	for _, alias := range s.Aliases {
		if strings.EqualFold(host, alias) || strings.ContainsAny(alias, "*?") && matchWild(strings.ToLower(alias), strings.ToLower(host)) {
			return true
		}
	}
	return false
}

// matchWild is ap_strcasecmp_match: "*" and "?" only.
func matchWild(pattern, text string) bool {
	return expr.MatchStars(pattern, text, func(pattern string, c byte) int {
		if pattern != "" && (pattern[0] == '?' || pattern[0] == c) {
			return 1
		}
		return 0
	})
}

// certain is True for a directive that is in effect for certain.
func (d *Directive) certain() expr.Truth {
	if d.Unknown != nil {
		return expr.Unknown
	}
	return expr.True
}
