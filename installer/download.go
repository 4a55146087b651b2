package installer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"github.com/google/renameio/v2"
)

// maxArchiveSize bounds a download; the largest release has 0.6 MiB.
const maxArchiveSize = 64 << 20

// Download gives the archive, from the cache where it is there, else fetched
// into it. Its digest is the index's, or the one that the caller expects.
func (x *Index) Download(ctx context.Context, archive Archive, cache, expected string) (Source, error) {
	digest := firstOf(expected, archive.SHA256)
	if archive.address.Scheme == "file" {
		return localSource(archive.address.Path, digest)
	}
	if digest == "" {
		return Source{}, fmt.Errorf("%s: the index gives no SHA-256 for it; give one with --sha256", archive.Name)
	}
	if expected != "" && archive.SHA256 != "" && expected != archive.SHA256 {
		return Source{}, fmt.Errorf("%s: the index says its SHA-256 is %s, expected %s", archive.Name, archive.SHA256, expected)
	}
	if source, ok := cachedArchive(cache, digest); ok {
		return source, nil
	}
	address := *archive.address
	if address.User == nil && archive.page != nil && address.Host == archive.page.Host {
		address.User = archive.page.User
	}
	return x.web.download(ctx, &address, archive.Name, cache, digest)
}

// download fetches an archive into the cache; an empty digest is not checked.
func (w *webClient) download(ctx context.Context, address *url.URL, name, cache, digest string) (Source, error) {
	response, err := w.get(ctx, address, "*/*")
	if err != nil {
		return Source{}, fmt.Errorf("fetch %s: %w", redacted(address), err)
	}
	defer response.Body.Close()
	folder := filepath.Join(cache, "archives")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return Source{}, fmt.Errorf("cache: %w", err)
	}
	file, err := renameio.NewPendingFile(filepath.Join(folder, "archive"), renameio.WithPermissions(0o644))
	if err != nil {
		return Source{}, fmt.Errorf("cache: %w", err)
	}
	defer func() { _ = file.Cleanup() }()
	hash := sha256.New()
	size, err := io.Copy(io.MultiWriter(file, hash), io.LimitReader(response.Body, maxArchiveSize+1))
	if err != nil {
		return Source{}, fmt.Errorf("fetch %s: %w", redacted(address), err)
	}
	if size > maxArchiveSize {
		return Source{}, fmt.Errorf("fetch %s: more than %d MiB: not an archive of mod_wsgi", redacted(address), maxArchiveSize>>20)
	}
	got := hex.EncodeToString(hash.Sum(nil))
	if digest != "" && got != digest {
		return Source{}, fmt.Errorf("fetch %s: its SHA-256 is %s, expected %s: it was damaged or exchanged on the way", redacted(address), got, digest)
	}
	return keepArchive(file, folder, name, got)
}

// keepArchive puts a fetched archive where its digest will find it.
func keepArchive(file *renameio.PendingFile, folder, name, digest string) (Source, error) {
	kept := filepath.Join(folder, digest, name)
	if err := os.MkdirAll(filepath.Dir(kept), 0o755); err != nil {
		return Source{}, fmt.Errorf("cache: %w", err)
	}
	if err := errors.Join(file.Sync(), os.Rename(file.Name(), kept)); err != nil {
		return Source{}, fmt.Errorf("cache: %w", err)
	}
	return Source{Path: kept, Digest: digest}, nil
}

var hexDigest = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9a-f]{64}$`) })

// cachedArchive finds an archive by its digest, which it must still have.
func cachedArchive(cache, digest string) (Source, bool) {
	if !hexDigest().MatchString(digest) {
		return Source{}, false
	}
	found := archivesBelow(filepath.Join(cache, "archives", digest))
	if len(found) == 0 {
		return Source{}, false
	}
	source, err := OpenSource(found[0])
	return source, err == nil && source.Digest == digest
}

// archivesBelow lists the archives in folders.
func archivesBelow(folders ...string) []string {
	var files []string
	for _, folder := range folders {
		entries, err := os.ReadDir(folder)
		if err != nil {
			continue
		}
		for _, entry := range entries {
			if plainName().MatchString(entry.Name()) {
				files = append(files, filepath.Join(folder, entry.Name()))
			}
		}
	}
	return files
}

// CachedArchives lists the archives that are in the cache, by the names under
// which they were fetched.
func CachedArchives(cache string) ([]Archive, error) {
	folders, err := filepath.Glob(filepath.Join(escapeGlob(cache), "archives", "*"))
	if err != nil {
		return nil, err
	}
	var archives []Archive
	for _, file := range archivesBelow(folders...) {
		archive, ok := link{name: filepath.Base(file), address: path.Base(file)}.archive(&url.URL{})
		if ok {
			archive.SHA256 = filepath.Base(filepath.Dir(file))
			archives = append(archives, archive)
		}
	}
	return archives, nil
}

// plainName is a name of an archive that may come from an address.
var plainName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._+-]*\.(tar\.gz|zip)$`) })

// FetchSource gives the archive at an address, which pip's settings help to
// reach. A digest is taken from the argument, else from the address's own
// "#sha256=…"; with neither, what is fetched is taken as it is.
func FetchSource(ctx context.Context, s Surroundings, settings IndexSettings, text, cache, digest string) (Source, error) {
	address, digest, err := sourceAddress(text, digest)
	if err != nil {
		return Source{}, err
	}
	if source, ok := cachedArchive(cache, digest); ok {
		return source, nil
	}
	web, err := newWebClient(s, settings)
	if err != nil {
		return Source{}, err
	}
	name := path.Base(address.Path)
	if !plainName().MatchString(name) {
		name = "source.tar.gz"
	}
	return web.download(ctx, address, name, cache, digest)
}

// CachedSource is FetchSource for those who are offline: by its digest alone.
func CachedSource(text, cache, digest string) (Source, error) {
	address, digest, err := sourceAddress(text, digest)
	if err != nil {
		return Source{}, err
	}
	if digest == "" {
		return Source{}, fmt.Errorf("offline, and without --sha256 the cache cannot be asked for %s", redacted(address))
	}
	source, ok := cachedArchive(cache, digest)
	if !ok {
		return Source{}, fmt.Errorf("offline, and %s is not in the cache %s", redacted(address), cache)
	}
	return source, nil
}

func sourceAddress(text, digest string) (*url.URL, string, error) {
	address, err := url.Parse(text)
	if err != nil {
		return nil, "", errors.New("source: not a valid address") // the error would show a login
	}
	if value, ok := strings.CutPrefix(address.Fragment, "sha256="); ok && digest == "" {
		digest = strings.ToLower(value)
	}
	address.Fragment = ""
	return address, digest, nil
}

// Cached gives the archive from the cache, where [CachedArchives] found it.
func (a Archive) Cached(cache string) (Source, error) {
	source, ok := cachedArchive(cache, a.SHA256)
	if !ok {
		return Source{}, fmt.Errorf("cache: %s is damaged: remove %s", a.Name, filepath.Join(cache, "archives", a.SHA256))
	}
	return source, nil
}
