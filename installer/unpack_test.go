package installer

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tarball makes an archive of entries; a regular file holds its own name.
func tarball(t testing.TB, entries ...tar.Header) string {
	t.Helper()
	var text bytes.Buffer
	zipped := gzip.NewWriter(&text)
	archive := tar.NewWriter(zipped)
	for _, header := range entries {
		if header.Typeflag == tar.TypeReg && header.Size == 0 {
			header.Size = int64(len(header.Name))
		}
		if header.Typeflag != tar.TypeXGlobalHeader {
			header.Mode = 0o644
		}
		if err := archive.WriteHeader(&header); err != nil {
			t.Fatal(err)
		}
		if header.Typeflag == tar.TypeReg {
			if _, err := archive.Write(bytes.Repeat([]byte(header.Name), int(header.Size)/len(header.Name))); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := errors.Join(archive.Close(), zipped.Close()); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "archive.tar.gz")
	if err := os.WriteFile(path, text.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func unpackFile(t testing.TB, path, dir string) error {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return unpack(t.Context(), bytes.NewReader(text), dir)
}

func regular(name string) tar.Header { return tar.Header{Typeflag: tar.TypeReg, Name: name} }

func TestUnpackWritesFilesAndFolders(t *testing.T) {
	t.Parallel()
	archive := tarball(t,
		tar.Header{Typeflag: tar.TypeXGlobalHeader, PAXRecords: map[string]string{"comment": "c0ffee"}},
		tar.Header{Typeflag: tar.TypeDir, Name: "top/"},
		regular("top/a"),
		regular("./top/without/folder/b"),
	)
	dir := filepath.Join(t.TempDir(), "tree")
	if err := unpackFile(t, archive, dir); err != nil {
		t.Fatal(err)
	}
	want := []string{"top/a", "top/without/folder/b"}
	if diff := cmp.Diff(want, filesBelow(t, dir)); diff != "" {
		t.Error(diff)
	}
}

func TestUnpackRefusesHostileArchives(t *testing.T) {
	t.Parallel()
	many := make([]tar.Header, 0, maxUnpackedCount+1)
	for i := range maxUnpackedCount + 1 {
		many = append(many, regular(fmt.Sprintf("top/%d", i)))
	}
	for name, test := range map[string]struct {
		entries []tar.Header
		says    string
	}{
		"absolute name":        {[]tar.Header{regular("/tmp/evil")}, "an absolute name"},
		"parent folder":        {[]tar.Header{regular("../evil")}, `".."`},
		"parent folder inside": {[]tar.Header{regular("top/../../evil")}, `".."`},
		"parent folder at end": {[]tar.Header{{Typeflag: tar.TypeDir, Name: "top/.."}}, `".."`},
		"backslash":            {[]tar.Header{regular(`top\..\evil`)}, "backslash"},
		"link out":             {[]tar.Header{{Typeflag: tar.TypeSymlink, Name: "top", Linkname: "/tmp"}}, `a link to "/tmp"`},
		"link, then below it":  {[]tar.Header{{Typeflag: tar.TypeSymlink, Name: "top", Linkname: ".."}, regular("top/evil")}, "a link"},
		"hard link":            {[]tar.Header{{Typeflag: tar.TypeLink, Name: "shadow", Linkname: "/etc/shadow"}}, `a link to "/etc/shadow"`},
		"device":               {[]tar.Header{{Typeflag: tar.TypeChar, Name: "null", Devmajor: 1, Devminor: 3}}, "neither a file nor a folder"},
		"named pipe":           {[]tar.Header{{Typeflag: tar.TypeFifo, Name: "pipe"}}, "neither a file nor a folder"},
		"a file twice":         {[]tar.Header{regular("a"), regular("a")}, "there twice"},
		"a file as a folder":   {[]tar.Header{regular("a"), regular("a/b")}, "a/b"},
		"too many":             {many, "more than 5000 entries"},
		"too large":            {[]tar.Header{{Typeflag: tar.TypeReg, Name: "x", Size: maxUnpackedSize + 1}}, "more than 64 MiB"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			archive := tarball(t, test.entries...)
			outside := t.TempDir()
			err := unpackFile(t, archive, filepath.Join(outside, "tree"))
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("error %v, want one that says %q", err, test.says)
			}
			entries, err := os.ReadDir(outside)
			if err != nil {
				t.Fatal(err)
			}
			if len(entries) != 1 {
				t.Errorf("written outside the folder: %v", entries)
			}
		})
	}
}

func TestUnpackRefusesWhatIsNoArchive(t *testing.T) {
	t.Parallel()
	for name, content := range map[string][]byte{
		"empty": nil, "text": []byte("not found"), "cut off": {0x1f, 0x8b, 8, 0, 0},
	} {
		path := filepath.Join(t.TempDir(), "archive.tar.gz")
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := unpackFile(t, path, filepath.Join(t.TempDir(), "tree")); err == nil {
			t.Errorf("%s: taken for an archive", name)
		}
	}
}

// FuzzUnpack holds whatever an archive says to one thing: nothing changes
// outside its folder.
func FuzzUnpack(f *testing.F) {
	f.Add("top/a", "top/b", byte(tar.TypeReg))
	f.Add("../a", "/etc/passwd", byte(tar.TypeSymlink))
	f.Add("a/./..//b", "a", byte(tar.TypeLink))
	f.Add("..", ".", byte(tar.TypeDir))
	f.Fuzz(func(t *testing.T, name, other string, kind byte) {
		var text bytes.Buffer
		archive := tar.NewWriter(&text)
		for _, header := range []tar.Header{
			{Typeflag: kind, Name: name, Linkname: other, Mode: 0o644},
			{Typeflag: tar.TypeReg, Name: other, Mode: 0o644},
			{Typeflag: tar.TypeReg, Name: name + "/" + other, Mode: 0o644},
		} {
			if archive.WriteHeader(&header) != nil {
				return // there is no such header
			}
		}
		outside := t.TempDir()
		if err := os.Mkdir(filepath.Join(outside, "tree"), 0o755); err != nil {
			t.Fatal(err)
		}
		root, err := os.OpenRoot(filepath.Join(outside, "tree"))
		if err != nil {
			t.Fatal(err)
		}
		defer root.Close()
		_ = unpackAll(t.Context(), tarEntries(t.Context(), &text), root)
		entries, err := os.ReadDir(outside)
		if err != nil || len(entries) != 1 {
			t.Fatalf("outside the folder: %v, %v", entries, err)
		}
		err = filepath.WalkDir(outside, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() && !entry.Type().IsRegular() {
				t.Errorf("%s is %s", path, entry.Type())
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// filesBelow lists the files below a folder by their slash-separated names.
func filesBelow(t testing.TB, dir string) []string {
	t.Helper()
	var names []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
