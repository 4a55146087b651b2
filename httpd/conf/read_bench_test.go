package conf_test

import (
	"testing"

	"github.com/wsgictl/wsgictl/bench/shapes"
	"github.com/wsgictl/wsgictl/httpd/conf"
)

// BenchmarkRead reads large configurations, and finds their servers.
func BenchmarkRead(b *testing.B) {
	shapes.Growth(b, func(configuration string) func() {
		return func() { conf.ReadSource("/etc/httpd.conf", configuration, conf.Options{}).Servers() }
	})
}
