//go:build !linux

package httpdtest

import (
	"os/exec"
	"testing"
)

// Inside skips the test: only Linux gives a command files of its own.
func Inside(t testing.TB, _ string, _ ...string) *exec.Cmd {
	t.Helper()
	t.Skip("needs Linux")
	return nil
}
