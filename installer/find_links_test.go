package installer

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/wsgictl/wsgictl/needtest"
)

// found lists the releases that settings lead to, in the order of the finds.
func found(t *testing.T, s PipEnvironment, settings IndexSettings) []string {
	t.Helper()
	archives, err := openTestIndex(t, s, settings).Archives(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, archive := range archives {
		found = append(found, archive.Release.String())
	}
	return found
}

func TestFindLinks(t *testing.T) {
	t.Parallel()
	page := `<a href="mod_wsgi-6.0.5.tar.gz">a</a> <a href="/elsewhere/mod_wsgi-5.0.2.zip#sha256=00">b</a> <a href="file:///etc/mod_wsgi-9.0.tar.gz">c</a>`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/wheels/" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(page))
	}))
	t.Cleanup(server.Close)
	s := madeUp(t, map[string]string{
		"mirror/mod_wsgi-6.1.1.tar.gz":                     "",
		"mirror/mod_wsgi-4.9.4.zip":                        "",
		"mirror/mod_wsgi-7.0-cp311-cp311-linux_x86_64.whl": "",
		"mirror/more.html":                                 page,
		"project/below/near/mod_wsgi-5.0.1.tar.gz":         "",
		"simple/mod-wsgi/index.html":                       `<a href="../../mirror/mod_wsgi-6.1.1.tar.gz">x</a>`,
	}, nil)
	mirror := s.at("/mirror")
	for name, test := range map[string]struct {
		places, indexes, want []string
	}{
		"a folder and its pages":                  {[]string{mirror}, nil, []string{"4.9.4", "6.1.1", "6.0.5", "5.0.2", "9.0"}},
		"a folder's address":                      {[]string{"file://" + mirror}, nil, []string{"4.9.4", "6.1.1", "6.0.5", "5.0.2", "9.0"}},
		"a relative folder":                       {[]string{"near"}, nil, []string{"5.0.1"}},
		"an archive":                              {[]string{mirror + "/mod_wsgi-4.9.4.zip"}, nil, []string{"4.9.4"}},
		"a page on this machine":                  {[]string{mirror + "/more.html"}, nil, []string{"6.0.5", "5.0.2", "9.0"}},
		"a page elsewhere names no files of this": {[]string{server.URL + "/wheels/"}, nil, []string{"6.0.5", "5.0.2"}},
		"an archive's address":                    {[]string{server.URL + "/x/mod_wsgi-5.0.0.tar.gz"}, nil, []string{"5.0.0"}},
		"an index of files":                       {nil, []string{"file://" + s.at("/simple")}, []string{"6.1.1"}},
		"one that is not there beside others":     {[]string{"/nowhere", server.URL + "/gone/", "near"}, nil, []string{"5.0.1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, found(t, s, IndexSettings{FindLinks: test.places, Indexes: test.indexes})); diff != "" {
				t.Error(diff)
			}
		})
	}
	_, err := openTestIndex(t, s, IndexSettings{FindLinks: []string{"/nowhere"}}).Archives(t.Context())
	if err == nil || !strings.Contains(err.Error(), "find-links /nowhere: no such file") {
		t.Error(err)
	}
}

// An archive of a folder needs no digest, and is read where it is; one that is
// told is held.
func TestFindLinksOfAFolderAreReadThere(t *testing.T) {
	t.Parallel()
	right := offered{content: "six"}.digest()
	s := madeUp(t, map[string]string{
		"mirror/mod_wsgi-6.1.1.tar.gz": "six",
		"page.html":                    `<a href="mirror/mod_wsgi-6.1.1.tar.gz#sha256=` + right + `">x</a>`,
		"damaged.html":                 `<a href="mirror/mod_wsgi-6.1.1.tar.gz#sha256=` + strings.Repeat("0", 64) + `">x</a>`,
	}, nil)
	for place, test := range map[string]struct{ expected, refusal string }{
		"/mirror":       {"", ""},
		"/page.html":    {right, ""},
		"/damaged.html": {"", "expected 000"},
		"/mirror/":      {strings.Repeat("1", 64), "expected 111"},
	} {
		index := openTestIndex(t, s, IndexSettings{FindLinks: []string{s.at(place)}})
		archives, err := index.Archives(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		source, err := index.Download(t.Context(), archives[0], t.TempDir(), test.expected)
		switch {
		case test.refusal == "" && (err != nil || source.Path != s.at("/mirror/mod_wsgi-6.1.1.tar.gz")):
			t.Errorf("%s: %v, %v", place, source, err)
		case test.refusal != "" && (err == nil || !strings.Contains(err.Error(), test.refusal)):
			t.Errorf("%s: error %v, want %q", place, err, test.refusal)
		}
	}
}

func TestKeyringKnowsThePassword(t *testing.T) {
	t.Parallel()
	fake := &fakeIndex{files: releases[:1], login: "bob:s3cret"}
	address := fake.serve(t)
	asked := strings.Replace(address, "://", "://bob@", 1)
	for name, test := range map[string]struct {
		address, knows, netrc string
		disabled, ok          bool
	}{
		"by the index":          {asked, address, "", false, true},
		"by the host":           {asked, strings.TrimSuffix(strings.TrimPrefix(address, "http://"), "/simple/"), "", false, true},
		"of another index":      {asked, "https://other.example/simple/", "", false, false},
		"without a user":        {address, address, "", false, false},
		"disabled":              {asked, address, "", true, false},
		"netrc's for that user": {asked, "", "machine 127.0.0.1 login bob password s3cret", true, true},
		"netrc's for another":   {asked, "", "machine 127.0.0.1 login eve password s3cret", true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := madeUp(t, map[string]string{"home/.netrc": test.netrc}, nil)
			program := "#!/bin/sh\n[ \"$*\" = 'get " + test.knows + " bob' ] && echo s3cret\n"
			writeProgram(t, filepath.Join(s.Venv, "bin/keyring"), program)
			index := openTestIndex(t, s, IndexSettings{Indexes: []string{test.address}, NoKeyring: test.disabled})
			archives, err := index.Archives(t.Context())
			if err == nil {
				_, err = index.Download(t.Context(), archives[0], t.TempDir(), "")
			}
			if (err == nil) != test.ok || err != nil && (containsSecret(err.Error()) || !strings.Contains(err.Error(), "401")) {
				t.Error(err)
			}
		})
	}
}

func writeProgram(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}

// sorted is for finds whose order does not matter.
func sorted(releases []string) []string {
	releases = slices.Clone(releases)
	slices.Sort(releases)
	return slices.Compact(releases)
}

func makeFIFO(t *testing.T, path string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mkfifo(path, 0o644); err != nil {
		t.Fatal(err)
	}
}

// A FIFO is not waited on, wherever it stands.
func TestFIFOsInFindLinks(t *testing.T) {
	t.Parallel()
	s := madeUp(t, map[string]string{"page.html": `<a href="pages/x.html">x</a>`}, nil)
	for _, name := range []string{"/pages/x.html", "/mirror/mod_wsgi-6.1.1.tar.gz", "/page"} {
		makeFIFO(t, s.at(name))
	}
	for _, place := range []string{"/pages", "/pages/x.html", "/mirror", "/mirror/mod_wsgi-6.1.1.tar.gz", "/page"} {
		if err := downloaded(t, openTestIndex(t, s, IndexSettings{FindLinks: []string{s.at(place)}})); err == nil || !strings.Contains(err.Error(), "only regular files") {
			t.Errorf("%s: %v", place, err)
		}
	}
	if _, err := OpenSource(s.at("/page")); err == nil || !strings.Contains(err.Error(), "only regular files") {
		t.Error(err)
	}
}

// What lies in a folder decides what root builds.
func TestRootTakesNoArchivesOfOthers(t *testing.T) {
	needtest.Root(t)
	t.Parallel()
	s := madeUp(t, map[string]string{
		"mirror/mod_wsgi-6.1.1.tar.gz": "six", "page.html": `<a href="own/mod_wsgi-6.1.1.tar.gz">x</a>`, "own/mod_wsgi-6.1.1.tar.gz": "six",
		"digest.html": `<a href="own/mod_wsgi-6.1.1.tar.gz#sha256=` + offered{content: "six"}.digest() + `">x</a>`,
	}, nil)
	for _, path := range []string{"/mirror", "/own/mod_wsgi-6.1.1.tar.gz"} {
		if err := os.Chown(s.at(path), 4711, 4711); err != nil {
			t.Fatal(err)
		}
	}
	for place, refusal := range map[string]string{
		"/mirror":                       "it belongs to user 4711",
		"/mirror/mod_wsgi-6.1.1.tar.gz": "it belongs to user 4711",
		"/page.html":                    "give --sha256",
		"/digest.html":                  "",
	} {
		err := downloaded(t, openTestIndex(t, s, IndexSettings{FindLinks: []string{s.at(place)}}))
		if (err == nil) != (refusal == "") || err != nil && !strings.Contains(err.Error(), refusal) {
			t.Errorf("%s: error %v, want %q", place, err, refusal)
		}
	}
}
