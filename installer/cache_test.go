package installer

import (
	"os"
	"path/filepath"
	"testing"
)

func TestRootTakesNoWheelsFromTheCacheOfOthers(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can")
	}
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CACHE_HOME", "")
	if got, err := CacheFolder(); got != filepath.Join(home, ".cache/wsgictl") || err != nil {
		t.Errorf("%s, %v", got, err)
	}
	if err := os.Chown(home, alice, alice); err != nil {
		t.Fatal(err)
	}
	if got, err := CacheFolder(); got != rootsCache || err != nil {
		t.Errorf("of others: %s, %v", got, err)
	}
	t.Setenv("XDG_CACHE_HOME", filepath.Join(home, "named"))
	if got, err := CacheFolder(); got != rootsCache || err != nil {
		t.Errorf("of others, named: %s, %v", got, err)
	}
}
