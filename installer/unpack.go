package installer

import (
	"archive/tar"
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

// Bounds of an archive. The largest release has some 200 files in 3 MiB.
const (
	maxUnpackedSize  = 64 << 20
	maxUnpackedCount = 5000
)

// unpack unpacks a gzip-compressed tar archive into the new folder dir.
//
// The archive is somebody else's: only folders and regular files with relative
// names are taken, each once, and writing goes through an [os.Root], so that
// nothing outside dir can be reached whatever a name says.
func unpack(ctx context.Context, archive, dir string) error {
	file, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		return fmt.Errorf("not a gzip-compressed tar archive: %w", err)
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	return unpackTar(ctx, tar.NewReader(unzipped), root)
}

func unpackTar(ctx context.Context, archive *tar.Reader, root *os.Root) error {
	left := int64(maxUnpackedSize)
	for count := 0; ; count++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("damaged archive: %w", err)
		}
		if count == maxUnpackedCount {
			return fmt.Errorf("more than %d entries: not an archive of mod_wsgi", maxUnpackedCount)
		}
		if left -= header.Size; left < 0 {
			return fmt.Errorf("more than %d MiB unpacked: not an archive of mod_wsgi", maxUnpackedSize>>20)
		}
		if err := unpackEntry(archive, header, root); err != nil {
			return fmt.Errorf("entry %q: %w", header.Name, err)
		}
	}
}

func unpackEntry(archive *tar.Reader, header *tar.Header, root *os.Root) error {
	switch header.Typeflag {
	case tar.TypeXGlobalHeader:
		return nil
	case tar.TypeDir, tar.TypeReg:
	case tar.TypeSymlink, tar.TypeLink:
		return fmt.Errorf("a link to %q; archives of mod_wsgi hold none: refused", header.Linkname)
	default:
		return fmt.Errorf("neither a file nor a folder (tar type %q): refused", header.Typeflag)
	}
	name, err := localName(header.Name)
	if err != nil {
		return err
	}
	if header.Typeflag == tar.TypeDir {
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
	if _, err := io.Copy(file, archive); err != nil {
		return err
	}
	return file.Close()
}

// localName is the cleaned form of a name that stays inside the archive's own
// folder.
func localName(name string) (string, error) {
	switch {
	case name == "":
		return "", errors.New("no name: refused")
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
