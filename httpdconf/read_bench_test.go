package httpdconf_test

import (
	"testing"

	"github.com/wsgictl/wsgictl/bench/shapes"
	"github.com/wsgictl/wsgictl/httpdconf"
)

// BenchmarkRead reads large configurations, and finds their servers.
func BenchmarkRead(b *testing.B) {
	shapes.Growth(b, func(conf string) func() {
		return func() { httpdconf.ReadSource("/etc/httpd.conf", conf, httpdconf.Options{}).Servers() }
	})
}
