package deploy

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"syscall"

	"github.com/mikelolasagasti/xz"

	"github.com/wsgictl/wsgictl/trust"
)

// OpenSource opens a folder, or an archive: tar, as it is or compressed by gzip, bzip2 or
// xz, or zip.
func OpenSource(name string) (*Source, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("open what is to be deployed: %w", err)
	}
	if info.IsDir() {
		return openFolder(name)
	}
	archive, err := trust.OpenRegular(name)
	if err != nil {
		return nil, fmt.Errorf("open what is to be deployed: %w", err)
	}
	s := &Source{Name: name, packed: true, close: archive.Close}
	head := make([]byte, 512)
	n, _ := io.ReadFull(archive, head)
	if s.walk = walkOf(archive, head[:n]); s.walk == nil {
		_ = archive.Close()
		return nil, fmt.Errorf("%s: it is neither a folder nor an archive of tar (.tar, .tar.gz, .tar.bz2, .tar.xz) or zip", name)
	}
	return s, nil
}

// walkOf knows an archive by how it begins; nil for none.
func walkOf(archive *os.File, head []byte) func(func(entry, io.Reader) error) error {
	tarOf := func(open func(io.Reader) (io.Reader, error)) func(func(entry, io.Reader) error) error {
		return func(yield func(entry, io.Reader) error) error { return walkTar(archive, open, yield) }
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return func(yield func(entry, io.Reader) error) error { return walkZip(archive, yield) }
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return tarOf(func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) })
	case bytes.HasPrefix(head, []byte("BZh")):
		return tarOf(func(r io.Reader) (io.Reader, error) { return bzip2.NewReader(r), nil })
	case bytes.HasPrefix(head, []byte("\xfd7zXZ\x00")):
		return tarOf(func(r io.Reader) (io.Reader, error) { return xz.NewReader(r, xz.DefaultDictMax) })
	case len(head) == 512 && string(head[257:262]) == "ustar":
		return tarOf(func(r io.Reader) (io.Reader, error) { return r, nil })
	}
	return nil
}

// walkTar reads an archive of tar from its beginning.
func walkTar(archive *os.File, open func(io.Reader) (io.Reader, error), yield func(entry, io.Reader) error) error {
	if _, err := archive.Seek(0, io.SeekStart); err != nil {
		return err
	}
	unpacked, err := open(bufio.NewReader(archive))
	if err != nil {
		return fmt.Errorf("%s: %w", archive.Name(), err)
	}
	reader := tar.NewReader(&bounded{unpacked, mostBytes + mostEntries*1024})
	for {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%s: %w", archive.Name(), err)
		}
		if header.Typeflag == tar.TypeXGlobalHeader { // of git archive
			continue
		}
		e := entry{name: cleaned(header.Name), executable: header.Mode&0o111 != 0, kind: other}
		switch header.Typeflag {
		case tar.TypeReg, tar.TypeGNUSparse:
			e.kind, e.size = file, header.Size
		case tar.TypeDir:
			e.kind = folder
		case tar.TypeSymlink:
			e.kind, e.target = link, header.Linkname
		case tar.TypeLink:
			e.kind, e.target = second, cleaned(header.Linkname)
		}
		if err := yield(e, reader); err != nil {
			return err
		}
	}
}

// cleaned takes off what tar and zip put around a name: a ./ before it, a slash behind it.
// What else is not clean about it stays, and is refused.
func cleaned(name string) string {
	name = strings.TrimSuffix(name, "/")
	for strings.HasPrefix(name, "./") {
		name = strings.TrimPrefix(name, "./")
	}
	return name
}

// A bounded is a reader of what may be a bomb.
type bounded struct {
	from io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.from.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, fmt.Errorf("unpacked it has more than %d GiB", mostBytes>>30)
	}
	return n, err
}

func walkZip(archive *os.File, yield func(entry, io.Reader) error) error {
	info, err := archive.Stat()
	if err != nil {
		return err
	}
	reader, err := zip.NewReader(archive, info.Size())
	if err != nil {
		return fmt.Errorf("%s: %w", archive.Name(), err)
	}
	for _, packed := range reader.File {
		if err := yieldPacked(archive.Name(), packed, yield); err != nil {
			return err
		}
	}
	return nil
}

func yieldPacked(archive string, packed *zip.File, yield func(entry, io.Reader) error) error {
	mode := packed.Mode()
	e := entry{name: cleaned(packed.Name), kind: kindOf(mode), executable: mode&0o111 != 0}
	if e.kind == folder {
		return yield(e, nil)
	}
	content, err := packed.Open()
	if err != nil {
		return fmt.Errorf("%s: %w", archive, err)
	}
	defer content.Close()
	switch e.kind {
	case file:
		e.size = int64(min(packed.UncompressedSize64, mostBytes+1))
	case link:
		target, err := io.ReadAll(io.LimitReader(content, longestPath))
		if err != nil {
			return fmt.Errorf("%s: %w", archive, err)
		}
		e.target = string(target)
	}
	return yield(e, content)
}

func kindOf(mode fs.FileMode) kind {
	switch mode.Type() {
	case 0:
		return file
	case fs.ModeDir:
		return folder
	case fs.ModeSymlink:
		return link
	}
	return other
}

// openFolder holds a folder open: nothing outside of it is read.
func openFolder(name string) (*Source, error) {
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, fmt.Errorf("open what is to be deployed: %w", err)
	}
	info, err := root.Stat(".")
	if err != nil {
		_ = root.Close()
		return nil, err
	}
	owner, _ := ownerAndNames(info)
	s := &Source{Name: name, close: root.Close}
	s.walk = func(yield func(entry, io.Reader) error) error {
		return fs.WalkDir(root.FS(), ".", func(at string, found fs.DirEntry, err error) error {
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			if found.IsDir() && at != "." && isNeverCode(root, at) {
				return fs.SkipDir
			}
			return yieldFound(root, owner, at, found, yield)
		})
	}
	return s, nil
}

// isNeverCode tells folders that need not even be looked into.
func isNeverCode(root *os.Root, at string) bool {
	c := checked{}
	if c.isLeft(at) {
		return true
	}
	_, err := root.Lstat(path.Join(at, "pyvenv.cfg"))
	return err == nil
}

func yieldFound(root *os.Root, owner int, at string, found fs.DirEntry, yield func(entry, io.Reader) error) error {
	e := entry{name: at, kind: kindOf(found.Type())}
	switch e.kind {
	case link:
		target, err := root.Readlink(at)
		if err != nil {
			return err
		}
		e.target = target
	case file:
		return yieldFile(root, owner, e, yield)
	}
	return yield(e, nil)
}

// yieldFile gives a file that is open. A second name of a file of somebody else could have
// been given it by who may not read it: root reads none for him.
func yieldFile(root *os.Root, owner int, e entry, yield func(entry, io.Reader) error) error {
	opened, err := root.OpenFile(e.name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return err
	}
	defer opened.Close()
	info, err := opened.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s: %w", opened.Name(), errChanged)
	}
	if uid, names := ownerAndNames(info); os.Geteuid() == 0 && names > 1 && uid != owner {
		return fmt.Errorf("%s: it has a second name, and belongs to another account than the folder; copy it", opened.Name())
	}
	e.size, e.executable = info.Size(), info.Mode()&0o111 != 0
	return yield(e, opened)
}

func ownerAndNames(info fs.FileInfo) (uid int, names uint64) {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(stat.Uid), uint64(stat.Nlink) //nolint:unconvert // 16 or 32 bits on some systems
	}
	return -1, 1
}
