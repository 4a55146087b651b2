package audit_test

import (
	"testing"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/bench/shapes"
	"github.com/wsgictl/wsgictl/httpdconf"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// BenchmarkRules looks at large configurations that were read, and holds all rules
// against them.
func BenchmarkRules(b *testing.B) {
	shapes.Growth(b, func(conf string) func() {
		config := httpdconf.ReadSource("/etc/httpd.conf", conf, httpdconf.Options{Modules: []httpdconf.Module{audit.Module(modwsgi.Newest)}})
		return func() { audit.Run(audit.Look(config, modwsgi.Newest, nil), audit.Settings{}) }
	})
}
