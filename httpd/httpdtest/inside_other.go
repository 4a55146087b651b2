//go:build !linux

package httpdtest

import (
	"errors"
	"os/exec"
	"testing"

	"github.com/wsgictl/wsgictl/needtest"
)

// CanIsolate tells that only Linux gives a command files of its own.
func CanIsolate() error { return errors.New("needs Linux") }

// Inside skips the test.
func Inside(t testing.TB, _ string, _ ...string) *exec.Cmd {
	t.Helper()
	needtest.Elsewhere(t, "%v", CanIsolate())
	return nil
}
