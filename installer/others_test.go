package installer

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/wsgictl/wsgictl/trust"
)

func TestMain(m *testing.M) {
	trust.Become() // in a child that a test started as somebody else
	os.Exit(m.Run())
}

// Two accounts that no system has.
const (
	alice = 61001
	bob   = 61002
)

// publicFolder is a folder of root's that others can reach.
func publicFolder(t *testing.T) string {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root works on what others own")
	}
	dir, err := os.MkdirTemp("/tmp", "wsgictl-installer-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// give gives a tree to an account.
func give(t *testing.T, path string, uid int) {
	t.Helper()
	err := filepath.WalkDir(path, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, uid, uid)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// write makes a file with its folders, for an account.
func write(t *testing.T, path, text string, mode os.FileMode, uid int) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	give(t, path, uid)
	return path
}
