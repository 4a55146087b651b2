package installer

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// linked gives the source archives of one place of find-links: a folder, an
// archive, or a page with links, on this machine or at an address. See pip's
// documentation, "pip install --find-links".
func (x *Index) linked(ctx context.Context, text string) ([]Archive, error) {
	address, err := x.web.surroundings.linkAddress(text)
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
func (s Surroundings) linkAddress(text string) (*url.URL, error) {
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

// localArchives are those in a folder and on its pages, or on one page.
func localArchives(address *url.URL) ([]Archive, error) {
	file := filepath.Clean(address.Path)
	if !isFolder(file) {
		return archivesOfFile(file)
	}
	entries, err := os.ReadDir(file)
	if err != nil {
		return nil, withoutPath(err)
	}
	var archives []Archive
	for _, entry := range entries {
		inside := filepath.Join(file, entry.Name())
		if path.Ext(inside) == ".html" {
			found, err := archivesOfFile(inside)
			if err != nil {
				return nil, err
			}
			archives = append(archives, found...)
			continue
		}
		archives = append(archives, archivesOf([]link{{name: entry.Name(), address: fileAddress(inside).String()}}, fileAddress(file))...)
	}
	return archives, nil
}

// archivesOfFile are those that a page on this machine has links to.
func archivesOfFile(file string) ([]Archive, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, withoutPath(err)
	}
	links, err := parseHTMLPage(text)
	if err != nil {
		return nil, fmt.Errorf("page %s: %w", file, err)
	}
	return archivesOf(links, fileAddress(file)), nil
}

// localSource is an archive of this machine; an empty digest is not checked.
func localSource(file, digest string) (Source, error) {
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
