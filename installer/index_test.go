package installer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// A fakeIndex serves files of the project and counts what is asked.
type fakeIndex struct {
	files    []offered
	html     bool   // knows PEP 503 only
	login    string // "user:password" that it wants
	requests atomic.Int32
}

// offered is one file of the index.
type offered struct {
	name, content, requires string
	uploaded                string
	yanked                  any
	sha256                  string // "" is the right one, "none" none
}

func (f offered) digest() string {
	switch f.sha256 {
	case "":
		digest := sha256.Sum256([]byte(f.content))
		return hex.EncodeToString(digest[:])
	case "none":
		return ""
	}
	return f.sha256
}

func (i *fakeIndex) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	i.requests.Add(1)
	user, password, _ := r.BasicAuth()
	if i.login != "" && user+":"+password != i.login {
		http.Error(w, "who are you?", http.StatusUnauthorized)
		return
	}
	if r.URL.Path == "/simple/mod-wsgi/" {
		i.page(w)
		return
	}
	for _, file := range i.files {
		if r.URL.Path == "/files/"+file.name {
			fmt.Fprint(w, file.content)
			return
		}
	}
	http.NotFound(w, r)
}

func (i *fakeIndex) page(w http.ResponseWriter) {
	if i.html {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, `<!DOCTYPE html><html><head><meta name="pypi:repository-version" content="1.0"><base href="/files/"></head><body>`)
		for _, file := range i.files {
			yanked := ""
			if file.yanked != nil {
				yanked = fmt.Sprintf(` data-yanked="%v"`, file.yanked)
			}
			fmt.Fprintf(w, `<a href="%s#sha256=%s" data-requires-python="%s"%s>%s</a><br/>`, file.name, file.digest(),
				strings.ReplaceAll(file.requires, ">", "&gt;"), yanked, file.name)
		}
		return
	}
	w.Header().Set("Content-Type", "application/vnd.pypi.simple.v1+json")
	files := []map[string]any{}
	for _, file := range i.files {
		hashes := map[string]string{"sha256": file.digest()}
		maps.DeleteFunc(hashes, func(_, digest string) bool { return digest == "" })
		files = append(files, map[string]any{
			"filename": file.name, "url": "../../files/" + file.name, "hashes": hashes,
			"requires-python": file.requires, "yanked": file.yanked, "upload-time": file.uploaded,
		})
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"meta": map[string]string{"api-version": "1.1"}, "name": project, "files": files})
}

// serve starts the index and gives the address of its simple interface.
func (i *fakeIndex) serve(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(i)
	t.Cleanup(server.Close)
	return server.URL + "/simple/"
}

func openTestIndex(t *testing.T, s PipEnvironment, settings IndexSettings) *Index {
	t.Helper()
	index, err := OpenIndex(s, settings, logged(t))
	if err != nil {
		t.Fatal(err)
	}
	index.web.clock.wait = func(context.Context, time.Duration) error { return nil }
	return index
}

func logged(t *testing.T) func(string) {
	return func(text string) { t.Log("warning:", text) }
}

var releases = []offered{
	{name: "mod_wsgi-4.9.4.tar.gz", content: "four"},
	{name: "mod_wsgi-5.0.2.tar.gz", content: "five", requires: ">=3.8"},
	{name: "mod-wsgi-6.0.5.tar.gz", content: "six", requires: ">=3.10"},
	{name: "mod_wsgi-6.1.0.tar.gz", content: "yanked", requires: ">=3.10", yanked: "it crashes"},
	{name: "mod_wsgi-6.2.0rc1.tar.gz", content: "candidate"},
	{name: "mod_wsgi-6.2.0.dev1.tar.gz", content: "development"},
	{name: "mod_wsgi-7.0-cp311-cp311-linux_x86_64.whl", content: "a wheel"},
	{name: "mod_wsgi-7.0.tar.bz2", content: "neither form of an sdist"},
	{name: "mod_wsgi_standalone-7.0.tar.gz", content: "another project"},
	{name: "mod_wsgi-4.9.3.zip", content: "a zip"},
}

func TestArchivesOfBothInterfaces(t *testing.T) {
	t.Parallel()
	for name, html := range map[string]bool{"PEP 691": false, "PEP 503": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := &fakeIndex{files: releases, html: html}
			index := openTestIndex(t, madeUp(t, nil, nil), IndexSettings{Indexes: []string{fake.serve(t)}})
			archives, err := index.Archives(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, a := range archives {
				got = append(got, fmt.Sprint(a.Release, " ", a.RequiresPython, " ", a.Yanked, " ", a.YankedReason))
			}
			want := []string{"4.9.4  false ", "5.0.2 >=3.8 false ", "6.0.5 >=3.10 false ", "6.1.0 >=3.10 true it crashes", "6.2.0rc1  false ", "6.2.0.dev1  false ", "4.9.3  false "}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			source, err := index.Download(t.Context(), archives[1], t.TempDir(), "")
			if err != nil {
				t.Fatal(err)
			}
			if content, _ := os.ReadFile(source.Path); string(content) != "five" {
				t.Errorf("downloaded %q", content)
			}
		})
	}
}

func TestNewestSkipsWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	fake := &fakeIndex{files: releases}
	index := openTestIndex(t, madeUp(t, nil, nil), IndexSettings{Indexes: []string{fake.serve(t)}})
	archives, err := index.Archives(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ python, apache, want string }{
		{"3.11.7", "2.4.62", "6.0.5"}, {"3.9.18", "2.4.62", "5.0.2"}, {"3.7.16", "2.4.62", "4.9.4"}, {"3.11.7", "2.2.34", "5.0.2"},
	} {
		got, err := Newest(archives, &detect.Python{Version: test.python}, &detect.Apache{Apache: installed.Apache{Version: test.apache}}, false)
		if err != nil {
			t.Errorf("Python %s: %v", test.python, err)
		}
		if got.Release.String() != test.want {
			t.Errorf("Python %s, Apache %s: %s, want %s", test.python, test.apache, got.Release, test.want)
		}
	}
	_, err = Newest(archives[2:3], &detect.Python{Version: "3.9.18"}, &detect.Apache{Apache: installed.Apache{Version: "2.4.62"}}, false)
	if err == nil || !strings.Contains(err.Error(), "requires Python >=3.10, this is 3.9.18") {
		t.Errorf("none fits: %v", err)
	}
}

// As pip does (PEP 440, "Handling of pre-releases").
func TestNewestTakesPreReleasesWhereNothingElseFits(t *testing.T) {
	t.Parallel()
	offer := func(number, python string, yanked bool) Archive {
		return Archive{Release: modwsgi.MustParseRelease(number), RequiresPython: python, Yanked: yanked}
	}
	final, old, candidate, development := offer("6.0.5", "", false), offer("6.1.0", ">=3.99", false), offer("6.1.0rc1", "", false), offer("6.1.1.dev3", "", false)
	for _, test := range []struct {
		name     string
		archives []Archive
		pre      bool
		want     string
	}{
		{"a final one", []Archive{candidate, development, final}, false, "6.0.5"},
		{"those that were asked for", []Archive{final, candidate, development}, true, "6.1.1.dev3"},
		{"no final one", []Archive{candidate, development}, false, "6.1.1.dev3"},
		{"no final one that fits", []Archive{old, candidate}, false, "6.1.0rc1"},
		{"no final one that has not been yanked", []Archive{offer("6.0.5", "", true), candidate}, false, "6.1.0rc1"},
	} {
		got, err := Newest(test.archives, &detect.Python{Version: "3.11.7"}, &detect.Apache{Apache: installed.Apache{Version: "2.4.62"}}, test.pre)
		if err != nil || !got.Release.Is(test.want) {
			t.Errorf("%s: %s, %v", test.name, got.Release, err)
		}
	}
}

func TestFindGivesWhatIsNamedEvenYanked(t *testing.T) {
	t.Parallel()
	archives := []Archive{{Release: modwsgi.MustParseRelease("6.1.0"), Yanked: true}, {Release: modwsgi.MustParseRelease("6.0.5")}}
	got, err := Find(archives, modwsgi.MustParseRelease("6.1"))
	if err != nil || !got.Yanked {
		t.Errorf("%v, %v", got, err)
	}
	_, err = Find(archives, modwsgi.MustParseRelease("6.9"))
	if err == nil || !strings.Contains(err.Error(), "the newest there is 6.1.0") {
		t.Error(err)
	}
}

func TestDownloadHoldsTheDigest(t *testing.T) {
	t.Parallel()
	other := strings.Repeat("0", 64)
	for name, test := range map[string]struct {
		indexSays, expected, refusal string
	}{
		"right":                 {"", "", ""},
		"damaged on the way":    {other, "", "expected " + other},
		"none":                  {"none", "", "give one with --sha256"},
		"none, but expected":    {"none", offered{content: "five"}.digest(), ""},
		"not what is expected":  {"", other, "expected " + other},
		"expected, wrong bytes": {"none", other, "expected " + other},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := &fakeIndex{files: []offered{{name: "mod_wsgi-5.0.2.tar.gz", content: "five", sha256: test.indexSays}}}
			index := openTestIndex(t, madeUp(t, nil, nil), IndexSettings{Indexes: []string{fake.serve(t)}})
			archives, err := index.Archives(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			cache := t.TempDir()
			source, err := index.Download(t.Context(), archives[0], cache, test.expected)
			if test.refusal == "" {
				if err != nil || source.Digest != (offered{content: "five"}).digest() {
					t.Errorf("%v, %v", source, err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.refusal) {
				t.Errorf("error %v, want %q", err, test.refusal)
			}
			if left, _ := filepath.Glob(filepath.Join(cache, "archives", "*")); len(left) > 0 {
				t.Errorf("left in the cache: %v", left)
			}
		})
	}
}

func TestDownloadComesFromTheCacheTheSecondTime(t *testing.T) {
	t.Parallel()
	fake := &fakeIndex{files: releases[:1]}
	index := openTestIndex(t, madeUp(t, nil, nil), IndexSettings{Indexes: []string{fake.serve(t)}})
	archives, err := index.Archives(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	cache := t.TempDir()
	for range 2 {
		if _, err := index.Download(t.Context(), archives[0], cache, ""); err != nil {
			t.Fatal(err)
		}
	}
	if got := fake.requests.Load(); got != 2 {
		t.Errorf("%d requests, want one for the page and one for the file", got)
	}
	cached := CachedArchives(cache)
	if len(cached) != 1 || cached[0].Release.String() != "4.9.4" {
		t.Errorf("cached: %v", cached)
	}
	if _, err := cached[0].Cached(cache); err != nil {
		t.Error(err)
	}
	kept, _ := filepath.Glob(filepath.Join(cache, "archives", "*", "*.tar.gz"))
	if err := os.WriteFile(kept[0], []byte("damaged"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := cached[0].Cached(cache); err == nil {
		t.Error("a damaged archive is given out")
	}
}

// withLogin puts a login into an address.
func withLogin(t *testing.T, address, user, password string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(user, password)
	return u.String()
}

func TestIndexWithLogin(t *testing.T) {
	t.Parallel()
	fake := &fakeIndex{files: releases[:1], login: "bob:s3cret"}
	address := fake.serve(t)
	for name, test := range map[string]struct {
		address string
		netrc   string
		ok      bool
	}{
		"in the address": {withLogin(t, address, "bob", "s3cret"), "", true},
		"in netrc":       {address, "machine 127.0.0.1 login bob password s3cret\n", true},
		"none":           {address, "", false},
		"wrong":          {withLogin(t, address, "bob", "other-s3cret"), "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := madeUp(t, map[string]string{"home/.netrc": test.netrc}, nil)
			index := openTestIndex(t, s, IndexSettings{Indexes: []string{test.address}})
			archives, err := index.Archives(t.Context())
			if !test.ok {
				if err == nil || !strings.Contains(err.Error(), "401") || containsSecret(err.Error()) {
					t.Errorf("error %v, want one of 401 without the login", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if _, err := index.Download(t.Context(), archives[0], t.TempDir(), ""); err != nil {
				t.Error(err)
			}
		})
	}
}

func containsSecret(text string) bool {
	return strings.Contains(text, "s3cret") || strings.Contains(text, "secret")
}

func TestErrorsShowNoLogin(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"https://bob:s3cret@127.0.0.1:1/simple?token=s3cret",
		"https://s3cret@127.0.0.1:1/simple",
		"http://bob:s3cret@index.example/simple",
		"ftp://bob:s3cret@index.example/simple",
		"https://bob:s3cret#x@host/simple",
		"https://bob:s3cret@host:s3cret/",
		"://s3cret",
	} {
		index := openTestIndex(t, madeUp(t, nil, nil), IndexSettings{Indexes: []string{address}})
		_, err := index.Archives(t.Context())
		if err == nil || containsSecret(err.Error()) {
			t.Errorf("%s: error %v", address, err)
		}
	}
}

func TestPlainHTTPIsRefusedUnlessTrusted(t *testing.T) {
	t.Parallel()
	web := &webClient{trusted: []string{"inside.example", "port.example:8080"}}
	for address, ok := range map[string]bool{
		"https://any.example/":           true,
		"http://any.example/":            false,
		"http://inside.example/":         true,
		"http://inside.example:80/":      true,
		"http://port.example:8080/":      true,
		"http://port.example/":           false,
		"http://127.0.0.1:3141/":         true,
		"http://[::1]/":                  true,
		"http://localhost/":              true,
		"http://localhost.evil.example/": false,
		"file:///etc/passwd":             false,
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if err := web.secure(u); (err == nil) != ok {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestRedirectToPlainHTTPIsRefused(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.RedirectHandler("http://evil.example/simple/mod-wsgi/", http.StatusFound))
	defer server.Close()
	index := openTestIndex(t, madeUp(t, nil, nil), IndexSettings{Indexes: []string{server.URL}})
	if _, err := index.Archives(t.Context()); err == nil || !strings.Contains(err.Error(), "not https") {
		t.Error(err)
	}
}

func TestCertificates(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(&fakeIndex{files: releases[:1]})
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	bundle := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(bundle, certificatePEM(server.Certificate().Raw), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		settings IndexSettings
		ok       bool
	}{
		"unknown authority": {IndexSettings{}, false},
		"bundle":            {IndexSettings{CABundle: bundle}, true},
		"folder":            {IndexSettings{CABundle: filepath.Dir(bundle)}, true},
		"trusted host":      {IndexSettings{Trusted: []string{"127.0.0.1"}}, true},
		"other host":        {IndexSettings{Trusted: []string{"other.example"}}, false},
	} {
		test.settings.Indexes = []string{server.URL + "/simple"}
		_, err := openTestIndex(t, madeUp(t, nil, nil), test.settings).Archives(t.Context())
		if (err == nil) != test.ok || err != nil && !strings.Contains(err.Error(), "PIP_CERT") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := OpenIndex(madeUp(t, nil, nil), IndexSettings{CABundle: "/nowhere/ca.pem"}, nil); err == nil {
		t.Error("a bundle that is not there is taken")
	}
}

func TestProxyIsAsked(t *testing.T) {
	t.Parallel()
	var asked atomic.Value
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Store(r.URL.String())
		(&fakeIndex{files: releases[:1]}).page(w)
	}))
	defer proxy.Close()
	settings := IndexSettings{Indexes: []string{"http://inside.example/simple"}, Trusted: []string{"inside.example"}, Proxy: strings.TrimPrefix(proxy.URL, "http://")}
	if _, err := openTestIndex(t, madeUp(t, nil, nil), settings).Archives(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("http://inside.example/simple/mod-wsgi/", asked.Load()); diff != "" {
		t.Error(diff)
	}
}

func TestProxyThatWantsALogin(t *testing.T) {
	t.Parallel()
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusProxyAuthRequired)
	}))
	defer proxy.Close()
	for _, scheme := range []string{"http", "https"} {
		settings := IndexSettings{
			Indexes: []string{scheme + "://inside.example/simple"}, Trusted: []string{"inside.example"},
			Proxy: strings.Replace(proxy.URL, "://", "://bob:s3cret@", 1),
		}
		_, err := openTestIndex(t, madeUp(t, nil, nil), settings).Archives(t.Context())
		if err == nil || !strings.Contains(err.Error(), "the proxy wants a login") || containsSecret(err.Error()) {
			t.Errorf("%s: error %v", scheme, err)
		}
	}
}

func TestSeveralIndexes(t *testing.T) {
	t.Parallel()
	older, newer := &fakeIndex{files: releases[:1]}, &fakeIndex{files: releases[1:3]}
	gone := httptest.NewServer(http.NotFoundHandler())
	defer gone.Close()
	addresses := []string{gone.URL, older.serve(t), newer.serve(t)}
	for name, test := range map[string]struct {
		firstOnly bool
		want      int
	}{"pip looks at all": {false, 3}, "uv at the first": {true, 1}} {
		index := openTestIndex(t, madeUp(t, nil, nil), IndexSettings{Indexes: addresses, FirstOnly: test.firstOnly})
		archives, err := index.Archives(t.Context())
		if err != nil || len(archives) != test.want {
			t.Errorf("%s: %d archives, %v", name, len(archives), err)
		}
	}
}

func TestLaterInterfaceIsRefused(t *testing.T) {
	t.Parallel()
	for _, page := range []struct{ kind, text string }{
		{"application/vnd.pypi.simple.v1+json", `{"meta":{"api-version":"2.0"},"files":[]}`},
		{"text/html", `<meta name="pypi:repository-version" content="2.0">`},
		{"application/vnd.pypi.simple.v1+json", `{`},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", page.kind)
			fmt.Fprint(w, page.text)
		}))
		index := openTestIndex(t, madeUp(t, nil, nil), IndexSettings{Indexes: []string{server.URL}})
		if _, err := index.Archives(context.WithoutCancel(t.Context())); err == nil {
			t.Errorf("%s: taken", page.text)
		}
		server.Close()
	}
}

func TestSourceAtAnAddress(t *testing.T) {
	t.Parallel()
	fake := &fakeIndex{files: releases[:2]}
	base := strings.TrimSuffix(fake.serve(t), "/simple/") + "/files/"
	s, cache := madeUp(t, nil, nil), t.TempDir()
	right := releases[0].digest()
	source, err := FetchSource(t.Context(), s, IndexSettings{}, base+"mod_wsgi-4.9.4.tar.gz#sha256="+right, cache, "", logged(t))
	if err != nil || source.Digest != right {
		t.Fatal(source, err)
	}
	if _, err := FetchSource(t.Context(), s, IndexSettings{}, base+"mod_wsgi-5.0.2.tar.gz", cache, right, logged(t)); err != nil {
		t.Error("what has this digest is in the cache, and it is asked for by it:", err)
	}
	if _, err := FetchSource(t.Context(), s, IndexSettings{}, base+"mod_wsgi-5.0.2.tar.gz", cache, strings.Repeat("0", 64), logged(t)); err == nil {
		t.Error("another digest is taken")
	}
	if _, err := CachedSource(base+"mod_wsgi-4.9.4.tar.gz", cache, right); err != nil {
		t.Error(err)
	}
	if _, err := CachedSource(base+"mod_wsgi-4.9.4.tar.gz", cache, ""); err == nil {
		t.Error("offline without a digest")
	}
	before := fake.requests.Load()
	if _, err := CachedSource(base+"mod_wsgi-5.0.2.tar.gz", cache, releases[1].digest()); err == nil || fake.requests.Load() != before {
		t.Error("offline and not in the cache:", err)
	}
}
