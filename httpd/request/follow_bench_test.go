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
	servers := serversOf(config, someModule)
	for _, host := range config.Servers()[1:] {
		servers[host].Follow(request.Client{Host: host.Name, Port: 8099, PortNamed: true, Path: "/mod/page"})
	}
}

// serversOf are all servers of a configuration.
func serversOf(config *conf.Config, module request.Module) map[*conf.Server]*request.Server {
	httpd := request.New(config, module)
	servers := map[*conf.Server]*request.Server{}
	for _, s := range config.Servers() {
		servers[s] = &request.Server{Server: s, Httpd: httpd, Main: servers[config.Main()], Level: outside(s)}
	}
	return servers
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
