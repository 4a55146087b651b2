package installer

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/trusttest"
)

func TestMain(m *testing.M) {
	trust.Become() // in a child that a test started as somebody else
	os.Exit(m.Run())
}

// Two accounts that no system has.
const (
	alice = trusttest.Alice
	bob   = trusttest.Bob
)

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
