package installer

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/trust"
)

// A Source is the source of one mod_wsgi release: an archive that is not
// unpacked yet, or a tree.
type Source struct {
	Path   string
	Digest string // SHA-256 in hexadecimal: of the archive, or over all files of the tree

	tree bool
}

// OpenSource looks at an archive or a tree and takes its digest.
func OpenSource(path string) (Source, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return Source{}, fmt.Errorf("source %s: %w", path, err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return Source{}, fmt.Errorf("source: %w", err)
	}
	source := Source{Path: path, tree: info.IsDir()}
	if source.tree {
		source.Digest, err = treeDigest(path)
	} else {
		source.Digest, err = archiveDigest(path)
	}
	if err != nil {
		return Source{}, fmt.Errorf("source %s: %w", path, err)
	}
	return source, nil
}

// Verify compares the digest with the one that the caller expects.
func (s Source) Verify(sha256 string) error {
	if !strings.EqualFold(s.Digest, sha256) {
		return fmt.Errorf("source %s: its SHA-256 is %s, expected %s: do not use it, fetch it again", s.Path, s.Digest, strings.ToLower(sha256))
	}
	return nil
}

// open gives the source as a tree, unpacking an archive below the folder temp.
func (s Source) open(ctx context.Context, temp string) (tree, error) {
	dir := s.Path
	if !s.tree {
		dir = filepath.Join(temp, "source")
		archive, err := s.archive()
		if err != nil {
			return tree{}, err
		}
		if err := unpack(ctx, archive, dir); err != nil {
			return tree{}, fmt.Errorf("unpack %s: %w", s.Path, err)
		}
	}
	t, err := openTree(dir)
	if err != nil {
		return tree{}, fmt.Errorf("source %s: %w", s.Path, err)
	}
	return t, nil
}

// archive is the archive, which has the digest: another one may have been put
// in its place since that was taken.
func (s Source) archive() (*bytes.Reader, error) {
	text, err := trust.ReadFile(s.Path, maxArchiveSize)
	if err != nil {
		return nil, fmt.Errorf("source: %w", err)
	}
	if store.Digest(text) != s.Digest {
		return nil, fmt.Errorf("source %s was modified since its digest was taken: run again", s.Path)
	}
	return bytes.NewReader(text), nil
}

func archiveDigest(path string) (string, error) {
	text, err := trust.ReadFile(path, maxArchiveSize)
	if err != nil {
		return "", err
	}
	return store.Digest(text), nil
}

func fileDigest(path string) (string, error) {
	file, err := trust.OpenRegular(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	hash := sha256.New()
	size, err := io.Copy(hash, io.LimitReader(file, maxArchiveSize+1))
	if err != nil {
		return "", err
	}
	if size > maxArchiveSize {
		return "", &trust.TooLarge{Path: path, Limit: maxArchiveSize}
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// treeDigest covers the name and content of each file that a build can read:
// version control folders and hidden files are none of them.
func treeDigest(dir string) (string, error) {
	hash := sha256.New()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		hidden := path != dir && strings.HasPrefix(entry.Name(), ".")
		if hidden && entry.IsDir() {
			return fs.SkipDir
		}
		if hidden || !entry.Type().IsRegular() {
			return nil
		}
		digest, err := fileDigest(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(hash, "%s %q\n", digest, filepath.ToSlash(name))
		return err
	})
	if err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

var errNotModWSGI = errors.New("no src/server/mod_wsgi.c in it: not the source of mod_wsgi")
