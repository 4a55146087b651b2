package installer

import (
	"archive/zip"
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// zipOf makes a zip archive of entries that hold their own names.
func zipOf(t *testing.T, entries ...zip.FileHeader) []byte {
	t.Helper()
	var text bytes.Buffer
	archive := zip.NewWriter(&text)
	for _, header := range entries {
		entry, err := archive.CreateHeader(&header)
		if err == nil && !strings.HasSuffix(header.Name, "/") {
			_, err = entry.Write([]byte(header.Name))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

func zipped(name string, mode fs.FileMode) zip.FileHeader {
	header := zip.FileHeader{Name: name, Method: zip.Deflate}
	header.SetMode(mode)
	return header
}

func unpackZip(t *testing.T, text []byte) (dir string, err error) {
	t.Helper()
	dir = t.TempDir()
	return dir, unpack(t.Context(), bytes.NewReader(text), filepath.Join(dir, "tree"))
}

func TestUnpackTakesZips(t *testing.T) {
	t.Parallel()
	dir, err := unpackZip(t, zipOf(t, zipped("top/", fs.ModeDir|0o755), zipped("top/a", 0o644), zip.FileHeader{Name: "top/without/folder/b"}))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"top/a", "top/without/folder/b"}, filesBelow(t, filepath.Join(dir, "tree"))); diff != "" {
		t.Error(diff)
	}
}

func TestUnpackRefusesHostileZips(t *testing.T) {
	t.Parallel()
	good := zipOf(t, zipped("top/some_file", 0o644))
	for name, test := range map[string]struct {
		text []byte
		says string
	}{
		"absolute name": {zipOf(t, zipped("/tmp/evil", 0o644)), "an absolute name"},
		"parent folder": {zipOf(t, zipped("top/../../evil", 0o644)), `".."`},
		"backslash":     {zipOf(t, zipped(`top\..\evil`, 0o644)), "backslash"},
		"link":          {zipOf(t, zipped("top", fs.ModeSymlink|0o777)), "neither a file nor a folder"},
		"a file twice":  {zipOf(t, zipped("a", 0o644), zipped("a", 0o644)), "there twice"},
		"too large":     {withSize(t, good, maxUnpackedSize+1), "more than 64 MiB"},
		"size understated": {
			withSize(t, good, 3), "some_file", // archive/zip or unpack itself, whichever sees it first
		},
		"cut off": {good[:len(good)-30], "damaged archive"},
	} {
		dir, err := unpackZip(t, test.text)
		if err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: error %v, want one that says %q", name, err, test.says)
		}
		if entries, _ := os.ReadDir(dir); len(entries) > 1 {
			t.Errorf("%s: written outside the folder: %v", name, entries)
		}
	}
}

// withSize changes the size that the directory of a zip with one file tells.
func withSize(t *testing.T, text []byte, size uint32) []byte {
	t.Helper()
	at := bytes.Index(text, []byte("PK\x01\x02"))
	if at < 0 {
		t.Fatal("no directory in the zip")
	}
	text = bytes.Clone(text)
	for i := range 4 {
		text[at+24+i] = byte(size >> (8 * i))
	}
	return text
}
