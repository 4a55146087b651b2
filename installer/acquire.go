package installer

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/verbose"
)

var httpAddress = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)^https?://`) })

// source is what to build, at hand: the archive or tree that was named, or the
// archive of a release.
func (j installation) source(ctx context.Context) (Source, error) {
	if j.Source != "" {
		return j.namedSource(ctx)
	}
	index, archive, err := j.offered(ctx)
	if err != nil {
		return Source{}, err
	}
	if index == nil {
		return archive.Cached(j.Cache)
	}
	return index.Download(ctx, archive, j.Cache, strings.ToLower(j.SHA256))
}

// offered is the archive to take from the indexes, or from the cache, where no
// index may be asked. It tells which of them offers it, and why that one is asked.
func (j installation) offered(ctx context.Context) (*Index, Archive, error) {
	if j.Offline {
		archive, err := j.cachedArchive("--offline")
		return nil, archive, err
	}
	index, err := j.index(ctx)
	if err != nil {
		return nil, Archive{}, err
	}
	limits, err := j.pipEnvironment().restrictions(j.Host.Virtualenv, time.Now())
	if err == nil {
		err = limits.check()
	}
	if err != nil {
		return nil, Archive{}, err
	}
	if offline := index.settings.Offline; offline != "" {
		archive, err := j.cachedArchive(offline)
		return nil, archive, err
	}
	archives, err := index.Archives(ctx)
	if err != nil {
		return nil, Archive{}, err
	}
	old := limits.old(archives, index.settings.FindLinks)
	archive, err := j.chooseFrom(old, index.settings.PreReleases)
	if err != nil {
		return nil, Archive{}, limits.explain(err, len(archives)-len(old))
	}
	j.say("mod_wsgi %s from %s.", archive.Release, index.Offers(archive))
	if len(old) < len(archives) {
		j.say("Newer archives are left out by %s.", limits.beforeFrom)
	}
	return index, archive, nil
}

func (j installation) namedSource(ctx context.Context) (Source, error) {
	if !httpAddress().MatchString(j.Source) {
		return j.namedFile()
	}
	pipEnvironment := j.pipEnvironment()
	digest := strings.ToLower(j.SHA256)
	if j.Offline {
		return CachedSource(j.Source, j.Cache, digest)
	}
	// Its index is of no matter here, only how to reach hosts.
	settings, err := FindIndexSettings(pipEnvironment, j.Source, j.Host.Python, j.Host.Virtualenv)
	if err != nil {
		return Source{}, err
	}
	return FetchSource(ctx, pipEnvironment, settings, j.Source, j.Cache, digest, j.warn)
}

// pipEnvironment is that of this process, which tells each file that is passed
// over once.
func (j installation) pipEnvironment() PipEnvironment {
	s := HostPipEnvironment(j.Host.Virtualenv.Path)
	s.Tell = func(text string) {
		if !j.told[text] {
			j.told[text] = true
			j.Say(text)
		}
	}
	return s
}

func (j installation) index(ctx context.Context) (*Index, error) {
	pipEnvironment := j.pipEnvironment()
	settings, err := FindIndexSettings(pipEnvironment, j.IndexURL, j.Host.Python, j.Host.Virtualenv)
	if err != nil {
		return nil, err
	}
	for _, address := range slices.Sorted(maps.Keys(settings.Origins)) {
		verbose.File(ctx, "packages from "+Redacted(address), settings.Origins[address])
	}
	return OpenIndex(pipEnvironment, settings, j.warn)
}

func (j installation) warn(text string) { j.say("Warning: %s", text) }

// chooseFrom takes the release that was asked for, else the newest that fits.
func (j installation) chooseFrom(archives []Archive, preReleases bool) (Archive, error) {
	if j.Release == "" {
		allowed, asked, err := j.allowed(archives)
		if err != nil {
			return Archive{}, err
		}
		return Newest(allowed, j.Host.Python, j.Host.Apache, preReleases || asked)
	}
	release, err := modwsgi.ParseRelease(j.Release)
	if err != nil {
		return Archive{}, &RequestError{err}
	}
	archive, err := Find(archives, release)
	if err != nil {
		return Archive{}, err
	}
	if archive.Yanked {
		j.say("Warning: mod_wsgi %s has been yanked: %s", release, archive.YankedReason)
	}
	return archive, nil
}

// cachedArchive chooses from the cache; why says what forbids more.
func (j installation) cachedArchive(why string) (Archive, error) {
	archives := CachedArchives(j.Cache)
	if len(archives) == 0 {
		return Archive{}, fmt.Errorf("offline (%s), and no archive of mod_wsgi is in the cache %s: run once without that, or give --source", why, j.Cache)
	}
	return j.chooseFrom(archives, false)
}
