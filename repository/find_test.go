package repository

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestFindsThroughAnyFolder makes a deep repository, and links in it that lead to
// itself and out of it, and finds what there is.
func TestFindsThroughAnyFolder(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	site := "WSGIScriptAlias / /srv/a.wsgi\n"
	deep := filepath.Join(root, strings.Repeat("d/", maxDepth+5))
	if err := errors.Join(
		os.MkdirAll(deep, 0o755), os.WriteFile(filepath.Join(deep, "deep.conf"), []byte(site), 0o644),
		os.WriteFile(filepath.Join(root, "site.conf"), []byte(site), 0o644),
		os.Mkdir(filepath.Join(root, "dir.conf"), 0o755), os.WriteFile(filepath.Join(root, "dir.conf", "a.conf.j2"), []byte(site), 0o644),
		os.Symlink(root, filepath.Join(root, "again")), os.Symlink("/etc", filepath.Join(root, "sites-available")),
		os.WriteFile(filepath.Join(root, ".gitignore"), []byte("*.tmp\n"), 0o644),
	); err != nil {
		t.Fatal(err)
	}
	found, err := Find(root)
	want := []string{filepath.Join(root, "dir.conf", "a.conf.j2"), filepath.Join(root, "site.conf")}
	if err != nil || !slices.Equal(found.Files, want) {
		t.Errorf("%v, found %v", err, found.Files)
	}
	summary := found.Skipped.Summary(root)
	for _, part := range []string{"symbolic links: 2 (again, sites-available)", fmt.Sprintf("more than %d folders deep: 1 (", maxDepth)} {
		if !strings.Contains(summary, part) {
			t.Errorf("%q does not tell %q", summary, part)
		}
	}
	if _, err := Find(filepath.Join(root, "missing")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
}

// BenchmarkFind looks through 10,000 files, of which 500 could be configuration.
func BenchmarkFind(b *testing.B) {
	root := b.TempDir()
	for n := range 10_000 {
		folder, name := filepath.Join(root, fmt.Sprint("d", n%100), fmt.Sprint("e", n%7)), fmt.Sprint("f", n, ".py")
		if n%20 == 0 {
			name = fmt.Sprint("f", n, ".conf")
		}
		if err := errors.Join(os.MkdirAll(folder, 0o755), os.WriteFile(filepath.Join(folder, name), []byte("Listen 80\n"), 0o644)); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		if found, err := Find(root); err != nil || len(found.Files) != 500 {
			b.Fatal(err, len(found.Files))
		}
	}
}
