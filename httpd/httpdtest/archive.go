package httpdtest

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/wsgictl/wsgictl/installer"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// Archive gives the source archive of a mod_wsgi release, such as "6.1.1",
// from the index that pip here would use. It is fetched once and kept for
// later test runs.
func Archive(t testing.TB, release string) installer.Source {
	t.Helper()
	source, err := archive(t.Context(), cacheFolder(t), modwsgi.MustParseRelease(release))
	if err != nil {
		missing(t, err)
	}
	return source
}

func archive(ctx context.Context, cache string, release modwsgi.Release) (installer.Source, error) {
	if found, err := installer.Find(installer.CachedArchives(cache), release); err == nil {
		return found.Cached(cache)
	}
	pipEnvironment := installer.HostPipEnvironment("")
	settings, err := installer.FindIndexSettings(pipEnvironment, "", nil, nil)
	if err != nil {
		return installer.Source{}, err
	}
	index, err := installer.OpenIndex(pipEnvironment, settings, func(string) {})
	if err != nil {
		return installer.Source{}, err
	}
	archives, err := index.Archives(ctx)
	if err != nil {
		return installer.Source{}, err
	}
	found, err := installer.Find(archives, release)
	if err != nil {
		return installer.Source{}, err
	}
	return index.Download(ctx, found, cache, "")
}

// cacheFolder keeps what tests fetch and build, apart from what users do.
func cacheFolder(t testing.TB) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(cache, "wsgictl-test")
}
