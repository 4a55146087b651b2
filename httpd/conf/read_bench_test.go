package conf_test

import (
	"testing"

	"github.com/wsgictl/wsgictl/bench/shapes"
	"github.com/wsgictl/wsgictl/httpd/conf"
)

// BenchmarkRead reads large configurations, and finds their servers.
func BenchmarkRead(b *testing.B) {
	shapes.Growth(b, readAll)
}

//nolint:paralleltest // it counts the allocations of the process
func TestReadingTakesMemoryInProportion(t *testing.T) { shapes.HoldMemory(t, readAll) }

func readAll(configuration string) func() {
	return func() { conf.ReadSource("/etc/httpd.conf", configuration, conf.Options{}).Servers() }
}
