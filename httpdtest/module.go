package httpdtest

import (
	"os"
	"path/filepath"
	"testing"
)

// Module gives the path of a mod_wsgi module of the release, such as "6.1.1",
// built for the machine's own python3 and its Apache.
func Module(t testing.TB, release string) string {
	t.Helper()
	find(t)
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(cache, "wsgictl-test", "mod_wsgi-"+release+".so")
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no mod_wsgi %s to test with: %v", release, err)
	}
	return path
}
