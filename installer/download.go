package installer

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
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
	return x.web.download(ctx, archive.address, archive.Name, cache, digest)
}

// archiveHeader asks for an archive as it is: what a server or a proxy packs
// once more has another digest. pip does the same (pip/_internal/network/utils.py).
func archiveHeader() http.Header {
	return http.Header{"Accept": {"*/*"}, "Accept-Encoding": {"identity"}}
}

// download fetches an archive into the cache; an empty digest is not checked.
func (w *webClient) download(ctx context.Context, address *url.URL, name, cache, digest string) (Source, error) {
	response, err := w.get(ctx, address, archiveHeader())
	if err != nil {
		return Source{}, fmt.Errorf("fetch %s: %w", redacted(address), err)
	}
	defer response.Body.Close()
	folder := filepath.Join(cache, "archives")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return Source{}, fmt.Errorf("cache: %w", err)
	}
	file, err := renameio.NewPendingFile(filepath.Join(folder, "archive"), renameio.WithPermissions(0o644), renameio.WithTempDir(folder))
	if err != nil {
		return Source{}, fmt.Errorf("cache: %w", err)
	}
	defer func() { _ = file.Cleanup() }()
	got, err := receive(ctx, response, file)
	if err != nil {
		return Source{}, fmt.Errorf("fetch %s: %w", redacted(address), err)
	}
	if digest != "" && got != digest {
		err = fmt.Errorf("fetch %s: its SHA-256 is %s, expected %s: it was damaged or exchanged on the way", redacted(address), got, digest)
		if encoding := encodingOf(response); encoding != "" {
			err = fmt.Errorf("%w; it came with the encoding %.20q, which nobody asked for", err, encoding)
		}
		return Source{}, err
	}
	return keepArchive(file, folder, name, got)
}

var errLargeArchive = fmt.Errorf("more than %d MiB: not an archive of mod_wsgi", maxArchiveSize>>20)

// receive writes the archive of an answer, and gives its digest.
func receive(ctx context.Context, response *http.Response, file io.Writer) (digest string, err error) {
	body := io.Reader(&boundedReader{ctx: ctx, from: response.Body, left: maxArchiveSize, refusal: errLargeArchive})
	if encodingOf(response) != "" {
		body = &boundedReader{ctx: ctx, from: asArchive(body), left: maxArchiveSize, refusal: errLargeArchive}
	}
	hash := sha256.New()
	if _, err := io.Copy(io.MultiWriter(file, hash), body); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", errors.New(plain(err))
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// encodingOf is an encoding of an answer that was not asked for, nor undone by
// the HTTP library; empty is none.
func encodingOf(response *http.Response) string {
	encoding := strings.ToLower(strings.TrimSpace(response.Header.Get("Content-Encoding")))
	if encoding == "identity" {
		return ""
	}
	return encoding
}

// asArchive is the archive in a body that is said to be encoded. Most servers
// that say so of an archive mean the archive's own compression, so that pip
// takes the body as it is. Some pack it once more: then an archive comes out,
// and that is what was asked for.
func asArchive(body io.Reader) io.Reader {
	buffered := bufio.NewReaderSize(body, 4<<10)
	start, _ := buffered.Peek(4 << 10) // an error comes again with the next Read
	inner, err := gzip.NewReader(bytes.NewReader(start))
	if err != nil {
		return buffered
	}
	inside := make([]byte, len(zipStart))
	if _, err := io.ReadFull(inner, inside); err != nil || !startsArchive(inside) {
		return buffered
	}
	unpacked, err := gzip.NewReader(buffered)
	if err != nil {
		return buffered
	}
	return unpacked
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
func CachedArchives(cache string) []Archive {
	var archives []Archive
	for _, file := range archivesBelow(glob(cache, "archives/*")...) {
		archive, ok := link{name: filepath.Base(file), address: path.Base(file)}.archive(&url.URL{})
		if ok {
			archive.SHA256 = filepath.Base(filepath.Dir(file))
			archives = append(archives, archive)
		}
	}
	return archives
}

// plainName is a name of an archive that may come from an address.
var plainName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._+-]*\.(tar\.gz|zip)$`) })

// FetchSource gives the archive at an address, which pip's settings help to
// reach. A digest is taken from the argument, else from the address's own
// "#sha256=…"; with neither, what is fetched is taken as it is. That a server
// has to be asked again is told to warn.
func FetchSource(ctx context.Context, s PipEnvironment, settings IndexSettings, text, cache, digest string, warn func(string)) (Source, error) {
	address, digest, err := sourceAddress(text, digest)
	if err != nil {
		return Source{}, err
	}
	if source, ok := cachedArchive(cache, digest); ok {
		return source, nil
	}
	web, err := newWebClient(s, settings, warn)
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
