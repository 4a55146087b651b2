// Package needtest says what a test needs of the machine that it runs on. A test that
// is passed over proves nothing: where all must run, since WSGICTL_REQUIRE_HTTPD is
// set, what is missing fails it. No test calls Skip itself.
package needtest

import (
	"os"
	"testing"
)

// Missing passes over a test for want of what the machine could have: a program, a
// package, a right. Where all tests must run, it fails.
func Missing(t testing.TB, format string, args ...any) {
	t.Helper()
	if MustRun() {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

// MustRun tells whether all tests must run, of those that can with this account.
func MustRun() bool { return os.Getenv("WSGICTL_REQUIRE_HTTPD") != "" }

// Root passes over a test of what only root can do, for any other account.
func Root(t testing.TB) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("needs root")
	}
}

// Asked gives the value of a variable that asks for a test which takes minutes, or
// files of the caller's, or changes the machine. Without it the test is passed over.
func Asked(t testing.TB, variable string) string {
	t.Helper()
	value := os.Getenv(variable)
	if value == "" {
		t.Skip(variable + " is not set")
	}
	return value
}

// Elsewhere passes over a test of what no machine of this kind has: another
// operating system, another architecture, or releases that never fit.
func Elsewhere(t testing.TB, format string, args ...any) {
	t.Helper()
	t.Skipf(format, args...)
}
