package request_test

import (
	"fmt"
	"testing"

	"github.com/wsgictl/wsgictl/bench/shapes"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/request"
)

// BenchmarkFollow follows a request to each virtual host of large configurations.
func BenchmarkFollow(b *testing.B) {
	shapes.Growth(b, followed(b))
}

//nolint:paralleltest // it counts the allocations of the process
func TestFollowingTakesMemoryInProportion(t *testing.T) { shapes.HoldMemory(t, followed(t)) }

func followed(t testing.TB) func(configuration string) func() {
	return func(configuration string) func() {
		config := conf.ReadSource("/etc/httpd.conf", configuration, conf.Options{Root: t.TempDir()})
		servers := serversOf(config, someModule)
		return func() { followAll(config, servers) }
	}
}

// BenchmarkFollowInDoubt follows one request through lines of which each hangs on
// the client, or on the line before it.
func BenchmarkFollowInDoubt(b *testing.B) {
	for name, line := range map[string]string{
		"rules":          "RewriteCond %%{HTTP:X-%[1]d} =v\nRewriteRule ^ - [E=A%[1]d:b]\n",
		"rounds":         "RewriteCond %%{HTTP:X-%[1]d} =v\nRewriteRule ^ - [N]\n",
		"SetEnvIf":       "SetEnvIf V%[1]d v V%[2]d=v\n",
		"IfModule":       "<IfModule m%[1]d_module>\nSetEnvIf Host x A%[1]d=b\n</IfModule>\n",
		"If":             "<If \"%%{HTTP:X-%[1]d} == 'v'\">\nErrorDocument 404 /none%[1]d\n</If>\n",
		"rules in an If": "<If \"%%{HTTP:X-%[1]d} == 'v'\">\nRewriteRule ^ /none%[1]d\n</If>\n",
	} {
		for _, lines := range []int{1000, 5000} {
			b.Run(fmt.Sprintf("%s/%d", name, lines), func(b *testing.B) {
				configuration := "RewriteEngine On\nSetEnvIf X v V0=v\n"
				for n := range lines {
					configuration += fmt.Sprintf(line, n, n+1)
				}
				config := conf.ReadSource("/etc/httpd.conf", configuration, conf.Options{Root: b.TempDir()})
				server := serversOf(config, someModule)[config.Main()]
				for b.Loop() {
					server.Follow(request.Client{Host: "x", Path: "/mod/page"}, func(request.Outcome) {})
				}
			})
		}
	}
}

// followAll follows a request to each virtual host, or where there is none to each
// application.
func followAll(config *conf.Config, servers map[*conf.Server]*request.Server) {
	for _, host := range config.Servers()[1:] {
		servers[host].Follow(request.Client{Host: host.Name, Port: 8099, PortNamed: true, Path: "/mod/page"}, func(request.Outcome) {})
	}
	if len(config.Servers()) > 1 {
		return
	}
	for d := range config.Named("WSGIScriptAlias") {
		servers[config.Main()].Follow(request.Client{Host: "bench.example", Port: 8099, PortNamed: true, Path: d.Word(0) + "/page"}, func(request.Outcome) {})
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
