package installer

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// repeated is an archive in which what stands before the one file is there
// many times, until it is size bytes long.
func repeated(t *testing.T, size int, before tar.Header) string {
	t.Helper()
	var text bytes.Buffer
	archive := tar.NewWriter(&text)
	if err := errors.Join(archive.WriteHeader(&before), archive.Flush()); err != nil {
		t.Fatal(err)
	}
	headers := text.Bytes()
	if before.Typeflag == tar.TypeReg {
		headers = headers[:len(headers)-512] // without the file's own
	}
	path := filepath.Join(t.TempDir(), "archive.tar.gz")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	zipped, _ := gzip.NewWriterLevel(file, gzip.BestSpeed)
	for written := 0; written < size && err == nil; written += len(headers) {
		_, err = zipped.Write(headers)
	}
	_, atEnd := zipped.Write(text.Bytes())
	if err := errors.Join(err, atEnd, zipped.Close()); err != nil {
		t.Fatal(err)
	}
	return path
}

// What describes an entry is no entry, and there may be any number of it.
func TestUnpackRefusesABombOfHeaders(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 900<<10)
	for name, before := range map[string]tar.Header{
		"pax":         {Typeflag: tar.TypeReg, Name: "top/a", Mode: 0o644, PAXRecords: map[string]string{"comment": long}},
		"many of pax": {Typeflag: tar.TypeReg, Name: "top/a", Mode: 0o644, PAXRecords: map[string]string{"comment": "a"}},
		"global":      {Typeflag: tar.TypeXGlobalHeader, PAXRecords: map[string]string{"comment": long}},
		"many global": {Typeflag: tar.TypeXGlobalHeader, PAXRecords: map[string]string{"comment": "a"}},
		"GNU name":    {Typeflag: tar.TypeReg, Name: long, Mode: 0o644, Format: tar.FormatGNU},
		"GNU link":    {Typeflag: tar.TypeReg, Name: "top/a", Linkname: long, Mode: 0o644, Format: tar.FormatGNU},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := unpackFile(t, repeated(t, maxHeaderSize+1, before), filepath.Join(t.TempDir(), "tree"))
			if !errors.Is(err, errLongHeaders) {
				t.Errorf("error %v, want %v", err, errLongHeaders)
			}
		})
	}
}

func TestUnpackStopsWithItsContextInsideHeaders(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	next := tarEntries(ctx, zeros{})
	if _, err := next(); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// A sparse file is as large as it claims, not as what stands in the archive.
func TestUnpackCountsWhatSparseFilesClaim(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	archive := tar.NewWriter(&text)
	content := "1\n0\n1\n" // one piece: from 0, one byte
	content += strings.Repeat("\x00", 512-len(content)) + "x"
	header := tar.Header{Typeflag: tar.TypeReg, Name: "top/a", Mode: 0o644, Size: int64(len(content)), PAXRecords: map[string]string{
		"comment": "GNU.sparse.major=1", // tar's own writer refuses the real key
	}}
	if err := archive.WriteHeader(&header); err != nil {
		t.Fatal(err)
	}
	if _, err := archive.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	records := paxRecords("GNU.sparse.major=1", "GNU.sparse.minor=0", "GNU.sparse.name=top/a", "GNU.sparse.realsize=100000000000")
	sparse := append(paxHeader(t, records), text.Bytes()[1024:]...) // in the place of the comment
	path := filepath.Join(t.TempDir(), "archive.tar.gz")
	if err := os.WriteFile(path, gzipped(t, sparse), 0o644); err != nil {
		t.Fatal(err)
	}
	err := unpackFile(t, path, filepath.Join(t.TempDir(), "tree"))
	if err == nil || !strings.Contains(err.Error(), "more than 64 MiB unpacked") {
		t.Error(err)
	}
}

// A directory of a zip is read whole, whatever number of entries it tells.
func TestUnpackRefusesABombOfDirectoryEntries(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	archive := zip.NewWriter(&text)
	for range maxHeaderSize/46 + 1 {
		if _, err := archive.CreateHeader(&zip.FileHeader{Name: "a"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := unpackZip(t, text.Bytes()); !errors.Is(err, errLongHeaders) {
		t.Errorf("error %v, want %v", err, errLongHeaders)
	}
}

// Folders inside folders cost a call of the system each.
func TestUnpackRefusesLongNames(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("a/", maxNameLength)
	err := unpackFile(t, tarball(t, regular(deep+"a")), filepath.Join(t.TempDir(), "tree"))
	if err == nil || !strings.Contains(err.Error(), "a name of more than 512 bytes") || len(err.Error()) > 300 {
		t.Error(err)
	}
}

func gzipped(t *testing.T, text []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	zipped := gzip.NewWriter(&out)
	if _, err := zipped.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// paxRecords are records as they stand in a pax header: "LENGTH KEY=VALUE\n".
func paxRecords(records ...string) string {
	var text strings.Builder
	for _, record := range records {
		size := len(record) + len("00 \n")
		if size > 99 {
			panic("two digits tell the length")
		}
		fmt.Fprintf(&text, "%02d %s\n", size, record)
	}
	return text.String()
}

// paxHeader is a header of type x with its records, in blocks of tar.
func paxHeader(t *testing.T, records string) []byte {
	t.Helper()
	var text bytes.Buffer
	archive := tar.NewWriter(&text)
	if err := archive.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: "x", Size: int64(len(records)), Format: tar.FormatUSTAR}); err != nil {
		t.Fatal(err)
	}
	block := text.Bytes()[:512]
	block[156] = tar.TypeXHeader
	copy(block[148:156], "        ")
	sum := 0
	for _, b := range block {
		sum += int(b)
	}
	copy(block[148:156], fmt.Sprintf("%06o\x00 ", sum))
	return append(block[:512:512], append([]byte(records), make([]byte, 512-len(records)%512)...)...)
}
