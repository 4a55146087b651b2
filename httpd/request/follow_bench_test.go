package request_test

import (
	"testing"

	"github.com/wsgictl/wsgictl/bench/shapes"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/request"
)

// BenchmarkFollow follows a request to each virtual host of large configurations.
func BenchmarkFollow(b *testing.B) {
	shapes.Growth(b, func(configuration string) func() {
		config := conf.ReadSource("/etc/httpd.conf", configuration, conf.Options{Root: b.TempDir()})
		return func() { followAll(config) }
	})
}

func followAll(config *conf.Config) {
	httpd := request.New(config, someModule)
	main := &request.Server{Server: config.Main(), Httpd: httpd, Level: outside(config.Main())}
	for _, host := range config.Servers()[1:] {
		s := &request.Server{Server: host, Httpd: httpd, Main: main, Level: outside(host)}
		s.Follow(request.Client{Host: host.Name, Port: 8099, PortNamed: true, Path: "/mod/page"})
	}
}

// outside are the directives of a server outside its sections.
func outside(s *conf.Server) (level []*conf.Directive) {
	for d := range s.Directives() {
		if !d.IsSection() {
			level = append(level, d)
		}
	}
	return level
}
