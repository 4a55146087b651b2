package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/installer"
	"github.com/wsgictl/wsgictl/modwsgi"
)

var httpAddress = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)^https?://`) })

// source is what to build, at hand: the archive or tree that was named, or the
// archive of a release.
func (j installJob) source(ctx context.Context) (installer.Source, error) {
	if j.Source != "" {
		return j.namedSource(ctx)
	}
	if j.Offline {
		archive, err := j.cachedArchive()
		if err != nil {
			return installer.Source{}, err
		}
		return archive.Cached(j.cache)
	}
	index, err := j.index()
	if err != nil {
		return installer.Source{}, err
	}
	archive, err := j.chooseFrom(index.Archives(ctx))
	if err != nil {
		return installer.Source{}, err
	}
	return index.Download(ctx, archive, j.cache, strings.ToLower(j.SHA256))
}

func (j installJob) namedSource(ctx context.Context) (installer.Source, error) {
	if !httpAddress().MatchString(j.Source) {
		source, err := installer.OpenSource(j.Source)
		if err != nil {
			return installer.Source{}, usageError{err}
		}
		if j.SHA256 != "" {
			err = source.Verify(j.SHA256)
		}
		return source, err
	}
	surroundings := installer.HostSurroundings(j.host.Virtualenv.Path)
	digest := strings.ToLower(j.SHA256)
	if j.Offline {
		return installer.CachedSource(j.Source, j.cache, digest)
	}
	// Its index is of no matter here, only how to reach hosts.
	settings, err := installer.FindIndexSettings(surroundings, j.Source, j.host.Python, j.host.Virtualenv)
	if err != nil {
		return installer.Source{}, err
	}
	return installer.FetchSource(ctx, surroundings, settings, j.Source, j.cache, digest)
}

func (j installJob) index() (*installer.Index, error) {
	surroundings := installer.HostSurroundings(j.host.Virtualenv.Path)
	settings, err := installer.FindIndexSettings(surroundings, j.IndexURL, j.host.Python, j.host.Virtualenv)
	if err != nil {
		return nil, err
	}
	return installer.OpenIndex(surroundings, settings, func(text string) {
		fmt.Fprintf(j.stderr, "Warning: %s\n", text)
	})
}

// chooseFrom takes the release that was asked for, else the newest that fits.
func (j installJob) chooseFrom(archives []installer.Archive, err error) (installer.Archive, error) {
	if err != nil {
		return installer.Archive{}, err
	}
	if j.Release == "" {
		return installer.Newest(archives, j.host.Python, j.host.Apache)
	}
	release, err := modwsgi.ParseRelease(j.Release)
	if err != nil {
		return installer.Archive{}, usageError{err}
	}
	archive, err := installer.Find(archives, release)
	if err != nil {
		return installer.Archive{}, err
	}
	if archive.Yanked {
		fmt.Fprintf(j.stderr, "Warning: mod_wsgi %s has been yanked: %s\n", release, archive.YankedReason)
	}
	return archive, nil
}

func (j installJob) cachedArchive() (installer.Archive, error) {
	archives, err := installer.CachedArchives(j.cache)
	if err != nil {
		return installer.Archive{}, err
	}
	if len(archives) == 0 {
		return installer.Archive{}, errors.New("offline, and no archive of mod_wsgi is in the cache " + j.cache + ": run once without --offline, or give --source")
	}
	return j.chooseFrom(archives, nil)
}
