package installer

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"

	"github.com/wsgictl/wsgictl/trust"
)

// rootsCache is root's where the environment names a folder of somebody else's.
const rootsCache = "/var/cache/wsgictl"

// CacheFolder is where wheels and archives are kept: $XDG_CACHE_HOME/wsgictl,
// or the system's own place for caches; empty for an account without a home.
// Root, whom sudo may have left the home folder of the caller, takes no wheels
// from a folder of others and leaves no files there that they could not remove.
func CacheFolder() string {
	dir := userCache()
	if dir == "" {
		return ""
	}
	dir = filepath.Join(dir, "wsgictl")
	if err := trust.Deciders().Check(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return rootsCache
	}
	return dir
}

// userCache is the caller's folder of caches (XDG base directories; on macOS its
// own); empty where none is known.
func userCache() string {
	if dir := os.Getenv("XDG_CACHE_HOME"); filepath.IsAbs(dir) {
		return dir
	}
	home := homeFolder()
	switch {
	case home == "":
		return ""
	case runtime.GOOS == "darwin":
		return filepath.Join(home, "Library", "Caches")
	}
	return filepath.Join(home, ".cache")
}

// homeFolder is the caller's: $HOME, else the one that /etc/passwd tells, as for
// pip and uv; empty where neither does.
func homeFolder() string {
	if home := os.Getenv("HOME"); home != "" {
		return home
	}
	account, _ := trust.HostAccounts().Lookup("#" + strconv.Itoa(os.Geteuid()))
	return account.Home
}

// lockEntry makes a folder of the cache where there is none, and waits until this process
// alone holds it.
func lockEntry(ctx context.Context, entry string) (unlock func(), err error) {
	if err := os.MkdirAll(entry, 0o755); err != nil {
		return nil, fmt.Errorf("cache: %w", err)
	}
	unlock, err = lockFolder(ctx, entry)
	if err != nil {
		return nil, fmt.Errorf("cache: %w", err)
	}
	return unlock, nil
}

// makeCache makes the folder of the cache, and refuses one that somebody else
// could change: what lies there is built and loaded.
func makeCache(dir string) error {
	if dir == "" {
		return errors.New("cache: this account has no home folder")
	}
	if err := checkCache(dir); err != nil {
		return err
	}
	made, _, err := trust.Deciders().MakeFolder(dir, 0o755)
	if err != nil {
		return fmt.Errorf("cache: %w", err)
	}
	return made.Close() // nobody else can put another one in its place
}

func checkCache(dir string) error {
	err := trust.Deciders().Check(dir)
	if untrusted := (*trust.Untrusted)(nil); errors.As(err, &untrusted) {
		return cacheOfOthers(untrusted)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("cache: %w", err)
	}
	return nil
}

func cacheOfOthers(err *trust.Untrusted) error {
	return fmt.Errorf("cache: %w: root builds from a cache that root alone can change: name another folder with --cache-dir, such as %s", err, rootsCache)
}

// cachedWheel is the wheel in one entry of the cache, or nil. One that is
// damaged is thrown away.
func cachedWheel(entry string) (*Wheel, error) {
	found := glob(entry, "*.whl")
	if len(found) == 0 {
		return nil, nil
	}
	wheel, err := openWheel(found[0])
	if err == nil {
		return wheel, nil
	}
	if untrusted := (*trust.Untrusted)(nil); errors.As(err, &untrusted) {
		return nil, cacheOfOthers(untrusted)
	}
	if err := os.Remove(found[0]); err != nil {
		return nil, fmt.Errorf("cache: remove damaged wheel: %w", err)
	}
	return nil, nil
}
