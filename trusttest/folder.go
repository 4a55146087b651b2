// Package trusttest lays folders that other accounts can reach, for tests of
// what root does with files of theirs.
package trusttest

import (
	"os"
	"testing"

	"github.com/wsgictl/wsgictl/needtest"
)

// Two accounts that no system has.
const (
	Alice = 61001
	Bob   = 61002
)

// Folder is a folder of root's that others can reach, as they cannot reach that
// of testing.T.TempDir. Where tests are not run as root, the test is skipped:
// nobody else can give files away.
func Folder(t testing.TB) string {
	t.Helper()
	needtest.Root(t)
	dir, err := os.MkdirTemp("/tmp", "wsgictl-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}
