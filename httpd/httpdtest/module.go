package httpdtest

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/installer"
	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/trust"
)

// Python is the interpreter that tests build modules for: the machine's own,
// whose files Apache's user can read.
const Python = "/usr/bin/python3"

// Module gives the path of a mod_wsgi module of the release, such as "6.1.1",
// built for [Python] and the machine's Apache. It is built once and kept for
// later test runs.
func Module(t testing.TB, release string) string {
	t.Helper()
	source := Archive(t, release)
	path, err := Builder(t).Module(t.Context(), source)
	if err != nil {
		missing(t, fmt.Errorf("no mod_wsgi %s to test with: %w", release, err))
	}
	return path
}

// Builder builds for [Python] and the machine's Apache, and keeps what it has
// built for later test runs.
func Builder(t testing.TB) *installer.Builder {
	t.Helper()
	find(t)
	host, err := findHost()
	if err != nil {
		missing(t, err)
	}
	return &installer.Builder{Apache: host.Apache, Python: host.Python, Cache: cacheFolder(t), Getenv: noVariables, Trusted: trust.Deciders()}
}

// findHost asks once for the whole test run what modules are built for.
var findHost = sync.OnceValues(func() (detect.Host, error) {
	p, err := findProgram()
	if err != nil {
		return detect.Host{}, err
	}
	return detect.Detect(context.Background(), detect.Request{HTTPD: p.path, Python: Python})
})

// noVariables keeps CFLAGS and the like of whoever runs the tests out of it.
func noVariables(string) string { return "" }

// missing skips a test for want of something that the machine has not, or
// fails it where all tests must run.
func missing(t testing.TB, err error) {
	t.Helper()
	needtest.Missing(t, "%v", err)
}
