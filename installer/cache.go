package installer

import (
	"fmt"
	"os"
	"path/filepath"
)

// CacheFolder is where wheels and archives are kept: $XDG_CACHE_HOME/wsgictl,
// or the system's own place for caches.
func CacheFolder() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("cache folder: %w; name one with --cache-dir", err)
	}
	return filepath.Join(dir, "wsgictl"), nil
}

// cachedWheel is the wheel in one entry of the cache, or nil. One that is
// damaged is thrown away.
func cachedWheel(entry string) (*Wheel, error) {
	found, err := filepath.Glob(filepath.Join(escapeGlob(entry), "*.whl"))
	if err != nil || len(found) == 0 {
		return nil, err
	}
	wheel, err := openWheel(found[0])
	if err == nil {
		return wheel, nil
	}
	if err := os.Remove(found[0]); err != nil {
		return nil, fmt.Errorf("cache: remove damaged wheel: %w", err)
	}
	return nil, nil
}
