package installer

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
)

// Bounds of an archive. The largest release has some 200 files in 3 MiB, with
// names of at most 70 bytes.
const (
	maxUnpackedSize  = 64 << 20
	maxUnpackedCount = 5000
	maxHeaderSize    = 5 << 20 // in bytes: all that stands between the contents, or in a zip's directory
	maxNameLength    = 512
)

var errLongHeaders = fmt.Errorf("more than %d MiB of headers: not an archive of mod_wsgi", maxHeaderSize>>20)

// unpack unpacks an archive, a gzip-compressed tar or a zip, into the new
// folder dir.
//
// The archive is somebody else's: only folders and regular files with relative
// names are taken, each once, and writing goes through an [os.Root], so that
// nothing outside dir can be reached whatever a name says.
func unpack(ctx context.Context, archive *bytes.Reader, dir string) error {
	entries, err := entriesOf(ctx, archive)
	if err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	return unpackAll(ctx, entries, root)
}

// An entry is one file or folder of an archive.
type entry struct {
	name    string
	mode    fs.FileMode // its type
	size    int64       // in bytes, as the archive tells; no more is read
	refusal string      // why it is not taken; empty for files and folders
	content io.Reader
}

// First bytes of archives.
const (
	zipStart  = "PK\x03\x04"
	gzipStart = "\x1f\x8b"
)

func startsArchive(text []byte) bool {
	return bytes.HasPrefix(text, []byte(zipStart)) || bytes.HasPrefix(text, []byte(gzipStart))
}

// entriesOf tells the kind of an archive by its first bytes. The entries come
// one after another, each to be read before the next, with io.EOF at the end.
func entriesOf(ctx context.Context, archive *bytes.Reader) (next func() (entry, error), err error) {
	start := make([]byte, len(zipStart))
	if _, err := archive.ReadAt(start, 0); err == nil && string(start) == zipStart {
		return zipEntries(archive)
	}
	unzipped, err := gzip.NewReader(archive)
	if err != nil {
		return nil, fmt.Errorf("neither a gzip-compressed tar archive nor a zip: %w", err)
	}
	return tarEntries(ctx, unzipped), nil
}

// tarEntries reads headers with a bound of their own, as an entry may have any
// number of them (pax and GNU extensions), and none of them is an entry.
func tarEntries(ctx context.Context, unzipped io.Reader) func() (entry, error) {
	stream := &boundedReader{ctx: ctx, from: unzipped, refusal: errLongHeaders}
	archive := tar.NewReader(stream)
	headers := int64(maxHeaderSize)
	return func() (entry, error) {
		stream.left = headers
		header, err := archive.Next()
		for err == nil && header.Typeflag == tar.TypeXGlobalHeader {
			header, err = archive.Next()
		}
		if err != nil {
			return entry{}, err
		}
		headers, stream.left = stream.left, maxUnpackedSize
		e := entry{name: header.Name, mode: header.FileInfo().Mode().Type(), size: header.Size, content: archive}
		switch header.Typeflag {
		case tar.TypeDir, tar.TypeReg:
		case tar.TypeSymlink, tar.TypeLink:
			e.refusal = fmt.Sprintf("a link to %.100q; archives of mod_wsgi hold none: refused", header.Linkname)
		default:
			e.refusal = fmt.Sprintf("neither a file nor a folder (tar type %q): refused", header.Typeflag)
		}
		return e, nil
	}
}

func unpackAll(ctx context.Context, next func() (entry, error), root *os.Root) error {
	left := int64(maxUnpackedSize)
	for count := 0; ; count++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		e, err := next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return damaged(err)
		}
		if count == maxUnpackedCount {
			return fmt.Errorf("more than %d entries: not an archive of mod_wsgi", maxUnpackedCount)
		}
		if left -= e.size; left < 0 {
			return fmt.Errorf("more than %d MiB unpacked: not an archive of mod_wsgi", maxUnpackedSize>>20)
		}
		if err := e.unpack(root); err != nil {
			return fmt.Errorf("entry %.100q: %w", e.name, err)
		}
	}
}

// damaged tells an archive that cannot be read from one that is refused.
func damaged(err error) error {
	if errors.Is(err, errLongHeaders) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fmt.Errorf("damaged archive: %w", err)
}

func (e entry) unpack(root *os.Root) error {
	if e.refusal != "" {
		return errors.New(e.refusal)
	}
	name, err := localName(e.name)
	if err != nil {
		return err
	}
	if e.mode.IsDir() {
		return root.MkdirAll(name, 0o755)
	}
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return errors.New("there twice: refused")
	}
	if err != nil {
		return err
	}
	defer file.Close()
	size, err := io.Copy(file, io.LimitReader(e.content, e.size+1))
	if err != nil {
		return err
	}
	if size > e.size {
		return errors.New("larger than the archive says: refused")
	}
	return file.Close()
}

// localName is the cleaned form of a name that stays inside the archive's own
// folder.
func localName(name string) (string, error) {
	switch {
	case name == "":
		return "", errors.New("no name: refused")
	case len(name) > maxNameLength:
		return "", fmt.Errorf("a name of more than %d bytes: refused", maxNameLength)
	case strings.HasPrefix(name, "/"):
		return "", errors.New("an absolute name: refused")
	case strings.ContainsAny(name, "\\\x00"):
		return "", errors.New("a name with a backslash or NUL: refused")
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == ".." {
			return "", errors.New(`a name with "..": refused`)
		}
	}
	return path.Clean(name), nil
}
