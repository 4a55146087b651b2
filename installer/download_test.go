package installer

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
)

// packed is a text as a server with Content-Encoding: gzip sends it.
func packed(t *testing.T, text []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	packer := gzip.NewWriter(&out)
	if _, err := packer.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := packer.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Servers and proxies pack what is packed, or say so of what is not, although
// the archive is asked for as it is.
func TestEncodingsOfArchives(t *testing.T) {
	t.Parallel()
	tarred, err := os.ReadFile(tarball(t, regular("top/a")))
	if err != nil {
		t.Fatal(err)
	}
	zipped := zipOf(t, zipped("top/a", 0o644))
	large := packed(t, bytes.Repeat([]byte("a"), maxArchiveSize+1))
	for name, test := range map[string]struct {
		archive, sent  []byte
		encoding, says string
	}{
		"as it is":                     {tarred, tarred, "", ""},
		"identity":                     {tarred, tarred, "identity", ""},
		"the archive's own":            {tarred, tarred, "gzip", ""},
		"the archive's own, old name":  {tarred, tarred, "x-gzip", ""},
		"packed once more":             {tarred, packed(t, tarred), "gzip", ""},
		"a zip that is not packed":     {zipped, zipped, "gzip", ""},
		"a zip that is packed":         {zipped, packed(t, zipped), "gzip", ""},
		"packed, and cut off":          {tarred, packed(t, tarred)[:len(packed(t, tarred))-9], "gzip", "breaks off"},
		"packed, and damaged":          {tarred, append(packed(t, tarred)[:len(packed(t, tarred))-8], "damaged!"...), "gzip", "checksum"},
		"packed and not said":          {tarred, packed(t, tarred), "", "it was damaged or exchanged on the way"},
		"an encoding that is unknown":  {tarred, []byte("xyz"), "br", `; it came with the encoding "br", which nobody asked for`},
		"more than an archive has":     {tarred, packed(t, append([]byte(gzipStart), bytes.Repeat([]byte("a"), maxArchiveSize)...)), "gzip", "more than 64 MiB"},
		"large, and the archive's own": {large, large, "gzip", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wanted := ""
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				wanted = r.Header.Get("Accept-Encoding")
				w.Header().Set("Content-Encoding", test.encoding)
				_, _ = w.Write(test.sent)
			}))
			t.Cleanup(server.Close)
			digest := offered{content: string(test.archive)}.digest()
			for _, held := range []string{digest, ""} {
				source, err := FetchSource(t.Context(), madeUp(t, nil, nil), IndexSettings{}, server.URL+"/mod_wsgi-5.0.2.tar.gz", t.TempDir(), held, logged(t))
				switch {
				case test.says == "" && (err != nil || source.Digest != digest):
					t.Errorf("held to %q: %v, digest %s", held, err, source.Digest)
				case test.says != "" && held != "" && (err == nil || !strings.Contains(err.Error(), test.says)):
					t.Errorf("error %v, want %q", err, test.says)
				}
			}
			if wanted != "identity" {
				t.Errorf("asked for with the encodings %q", wanted)
			}
		})
	}
}

// A page may come packed, which the HTTP library asks for; nothing else.
func TestEncodingsOfPages(t *testing.T) {
	t.Parallel()
	page := []byte(`<a href="mod_wsgi-5.0.2.tar.gz">x</a>`)
	for encoding, test := range map[string]struct {
		sent []byte
		says string
	}{
		"gzip": {packed(t, page), ""}, "": {page, ""}, "br": {[]byte("xyz"), `answered with the encoding "br", which nobody asked for`},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", encoding)
			_, _ = w.Write(test.sent)
		}))
		_, err := openTestIndex(t, madeUp(t, nil, nil), IndexSettings{Indexes: []string{server.URL}}).Archives(t.Context())
		if test.says == "" && err != nil || test.says != "" && (err == nil || !strings.Contains(err.Error(), test.says)) {
			t.Errorf("%q: %v", encoding, err)
		}
		server.Close()
	}
}

// What is unpacked is what was verified.
func TestArchiveExchangedAfterItsDigestWasTaken(t *testing.T) {
	t.Parallel()
	path := tarball(t, regular("top/a"))
	source, err := OpenSource(path)
	if err != nil {
		t.Fatal(err)
	}
	other, err := os.ReadFile(tarball(t, regular("top/b")))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, other, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := source.open(t.Context(), t.TempDir()); err == nil || !strings.Contains(err.Error(), "was modified since its digest was taken") {
		t.Error(err)
	}
}
