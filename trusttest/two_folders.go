package trusttest

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TwoFolders lays a folder of root's and one of alice's, each with the same file,
// where others can reach them.
func TwoFolders(t testing.TB) (dir string) {
	t.Helper()
	dir = Folder(t)
	var err error
	for _, folder := range []string{"roots", "hers", "hers/conf"} {
		err = errors.Join(err, os.MkdirAll(filepath.Join(dir, folder), 0o755), os.Chmod(filepath.Join(dir, folder), 0o755))
	}
	for _, file := range []string{"roots/site.conf", "hers/conf/site.conf"} {
		err = errors.Join(err, os.WriteFile(filepath.Join(dir, file), []byte("Listen 80\n"), 0o644))
	}
	for _, hers := range []string{"hers", "hers/conf", "hers/conf/site.conf"} {
		err = errors.Join(err, os.Chown(filepath.Join(dir, hers), Alice, Alice))
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}
