package request_test

import (
	"testing"

	"github.com/wsgictl/wsgictl/bench/shapes"
	"github.com/wsgictl/wsgictl/httpd/request"
	"github.com/wsgictl/wsgictl/httpdconf"
)

// BenchmarkFollow follows a request to each virtual host of large configurations.
func BenchmarkFollow(b *testing.B) {
	shapes.Growth(b, func(conf string) func() {
		config := httpdconf.ReadSource("/etc/httpd.conf", conf, httpdconf.Options{Root: b.TempDir()})
		return func() { followAll(config) }
	})
}

func followAll(config *httpdconf.Config) {
	httpd := request.New(config, someModule)
	main := &request.Server{Server: config.Main(), Httpd: httpd, Level: outside(config.Main())}
	for _, host := range config.Servers()[1:] {
		s := &request.Server{Server: host, Httpd: httpd, Main: main, Level: outside(host)}
		s.Follow(request.Client{Host: host.Name, Port: 8099, PortNamed: true, Path: "/mod/page"})
	}
}

// outside are the directives of a server outside its sections.
func outside(s *httpdconf.Server) (level []*httpdconf.Directive) {
	for d := range s.Directives() {
		if !d.IsSection() {
			level = append(level, d)
		}
	}
	return level
}
