package deploy

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
)

// pack writes a source as one plain archive, of which the last entry says that it is whole.
func (c checked) pack(into io.Writer) error {
	archive := tar.NewWriter(into)
	err := c.each(func(e entry, content io.Reader) error {
		header := &tar.Header{Name: e.name, Mode: 0o644, Format: tar.FormatPAX}
		switch e.kind {
		case file:
			header.Typeflag, header.Size = tar.TypeReg, e.size
		case folder:
			header.Typeflag = tar.TypeDir
		case link:
			header.Typeflag, header.Linkname = tar.TypeSymlink, e.target
		case second:
			header.Typeflag, header.Linkname = tar.TypeLink, e.target
		}
		if e.executable {
			header.Mode = 0o755
		}
		if err := archive.WriteHeader(header); err != nil || e.kind != file {
			return err
		}
		if n, err := io.Copy(archive, content); err != nil || n != e.size {
			return fmt.Errorf("%s: %s: %w", c.Name, e.name, errors.Join(err, errChanged))
		}
		return nil
	})
	if err == nil {
		err = archive.WriteHeader(&tar.Header{Name: "./", Typeflag: tar.TypeDir})
	}
	return errors.Join(err, archive.Close())
}

// unpack makes a folder of what pack has written. It is run as the account that the folder
// is to belong to.
func unpack(dir string, from io.Reader) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
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
	archive := tar.NewReader(from)
	for {
		header, err := archive.Next()
		switch {
		case errors.Is(err, io.EOF):
			return errors.New("the end of what is to be deployed is missing")
		case err != nil:
			return err
		case header.Name == "./":
			return nil
		}
		if err := unpackOne(root, header, archive); err != nil {
			return err
		}
	}
}

func unpackOne(root *os.Root, header *tar.Header, content io.Reader) error {
	if err := root.MkdirAll(path.Dir(header.Name), 0o755); err != nil {
		return err
	}
	switch header.Typeflag {
	case tar.TypeDir:
		return root.MkdirAll(header.Name, 0o755)
	case tar.TypeSymlink:
		return root.Symlink(header.Linkname, header.Name)
	case tar.TypeLink:
		return root.Link(header.Linkname, header.Name)
	}
	made, err := root.OpenFile(header.Name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, header.FileInfo().Mode().Perm())
	if err != nil {
		return err
	}
	_, err = io.Copy(made, content)
	return errors.Join(err, made.Close())
}

// put makes the folder of a release as its owner.
func (w worker) put(ctx context.Context, source checked, dir string) error {
	read, write := io.Pipe()
	packed := make(chan error, 1)
	go func() {
		err := source.pack(write)
		_ = write.CloseWithError(err)
		packed <- err
	}()
	err := w.step(ctx, "unpack", dir, read)
	_ = read.CloseWithError(io.ErrClosedPipe)
	if why := <-packed; why != nil && !errors.Is(why, io.ErrClosedPipe) {
		return why // which the other end knows as a missing end alone
	}
	return err
}
