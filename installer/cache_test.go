package installer

import (
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"github.com/wsgictl/wsgictl/needtest"
	"github.com/wsgictl/wsgictl/trust"
)

func TestRootTakesNoWheelsFromTheCacheOfOthers(t *testing.T) {
	needtest.Root(t)
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CACHE_HOME", "")
	if got := CacheFolder(); got != filepath.Join(home, ".cache/wsgictl") {
		t.Errorf("%s", got)
	}
	if err := os.Chown(home, alice, alice); err != nil {
		t.Fatal(err)
	}
	if got := CacheFolder(); got != rootsCache {
		t.Errorf("of others: %s", got)
	}
	t.Setenv("XDG_CACHE_HOME", filepath.Join(home, "named"))
	if got := CacheFolder(); got != rootsCache {
		t.Errorf("of others, named: %s", got)
	}
}

// An account without HOME has the home that passwd tells, and may have none.
func TestCacheWithoutHOME(t *testing.T) {
	t.Setenv("HOME", "")
	t.Setenv("XDG_CACHE_HOME", "relative/is/no/folder")
	account, found := trust.HostAccounts().Lookup("#" + strconv.Itoa(os.Geteuid()))
	if !found || account.Home == "" {
		needtest.Missing(t, "this account has no home")
	}
	if got, want := userCache(), filepath.Join(account.Home, ".cache"); got != want && runtime.GOOS != "darwin" {
		t.Errorf("%s, want %s", got, want)
	}
}
