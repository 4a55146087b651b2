package installer

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/trust"
)

// linked gives the source archives of one place of find-links: a folder, an
// archive, or a page with links, on this machine or at an address. See pip's
// documentation, "pip install --find-links".
func (x *Index) linked(ctx context.Context, text string) ([]Archive, error) {
	address, err := x.pipEnvironment.linkAddress(text)
	if err != nil {
		return nil, err
	}
	itself := link{address: address.String()}
	if archive, ok := itself.archive(address); ok {
		return []Archive{archive}, nil
	}
	archives, err := x.page(ctx, address)
	if err != nil {
		return nil, fmt.Errorf("find-links %s: %w", redacted(address), err)
	}
	return archives, nil
}

// linkAddress is the address of a place of find-links, which may be a path.
func (s PipEnvironment) linkAddress(text string) (*url.URL, error) {
	if !strings.Contains(text, "://") && !strings.HasPrefix(text, "file:") {
		if !filepath.IsAbs(text) {
			text = filepath.Join(s.Dir, text)
		}
		return fileAddress(text), nil
	}
	address, err := url.Parse(text)
	if err != nil {
		return nil, errors.New("find-links: an address that cannot be read") // the error would show a login
	}
	return address, nil
}

func fileAddress(file string) *url.URL { return &url.URL{Scheme: "file", Path: file} }

// localArchives are those in a folder and on its pages, or on one page. All that
// is read decides what is built, so that root reads what root alone can change.
func localArchives(ctx context.Context, address *url.URL) ([]Archive, error) {
	file := filepath.Clean(address.Path)
	opened, err := trust.Deciders().Open(file)
	if err != nil {
		return nil, withoutPath(err)
	}
	defer opened.Close()
	info, err := opened.Stat()
	if err != nil {
		return nil, withoutPath(err)
	}
	if !info.IsDir() {
		return readPage(ctx, opened, "text/html", fileAddress(file))
	}
	entries, err := opened.ReadDir(-1)
	if err != nil {
		return nil, withoutPath(err)
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return archivesOfFolder(ctx, file, entries)
}

func archivesOfFolder(ctx context.Context, folder string, entries []fs.DirEntry) ([]Archive, error) {
	var archives []Archive
	for _, entry := range entries {
		inside := filepath.Join(folder, entry.Name())
		if path.Ext(inside) == ".html" {
			found, err := archivesOfFile(ctx, inside)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", inside, err)
			}
			archives = append(archives, found...)
			continue
		}
		itself := link{name: entry.Name(), address: fileAddress(inside).String()}
		if archive, ok := itself.archive(fileAddress(folder)); ok {
			archives = append(archives, archive)
		}
	}
	return archives, nil
}

// archivesOfFile are those that a page on this machine has links to.
func archivesOfFile(ctx context.Context, file string) ([]Archive, error) {
	opened, err := trust.Deciders().Open(file)
	if err != nil {
		return nil, withoutPath(err)
	}
	defer opened.Close()
	return readPage(ctx, opened, "text/html", fileAddress(file))
}

// localSource is an archive of this machine. Without a digest to hold it to, it
// is built as it is, so that root takes what root alone can change.
func localSource(file, digest string) (Source, error) {
	if digest == "" {
		if err := trust.Deciders().Check(file); err != nil {
			return Source{}, fmt.Errorf("source %w: give --sha256 with the digest that it must have, or put it where root alone can write", err)
		}
	}
	source, err := OpenSource(file)
	if err == nil && digest != "" {
		err = source.Verify(digest)
	}
	return source, err
}

// withoutPath is the error of a file whose path the caller tells.
func withoutPath(err error) error {
	if about := (*os.PathError)(nil); errors.As(err, &about) {
		return about.Err
	}
	return err
}
