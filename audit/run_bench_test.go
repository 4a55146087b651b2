package audit_test

import (
	"testing"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/bench/shapes"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/wsgi"
)

// BenchmarkRules looks at large configurations that were read, and holds all rules
// against them.
func BenchmarkRules(b *testing.B) {
	shapes.Growth(b, holdAllRules)
}

//nolint:paralleltest // it counts the allocations of the process
func TestRulesTakeMemoryInProportion(t *testing.T) { shapes.HoldMemory(t, holdAllRules) }

func holdAllRules(configuration string) func() {
	config := conf.ReadSource("/etc/httpd.conf", configuration, conf.Options{Modules: []conf.Module{wsgi.Module(modwsgi.Newest)}})
	return func() { audit.Run(wsgi.Look(config, modwsgi.Newest, nil), audit.Settings{}) }
}
