package installer

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/needtest"
)

func TestMayTell(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		from, to string
		want     bool
	}{
		{"https://a.example/x", "https://a.example/y", true},
		{"https://a.example/x", "https://A.EXAMPLE:443/y", true},
		{"http://a.example:80/x", "http://a.example/y", true},
		{"http://a.example/x", "https://a.example/y", true},
		{"http://a.example:80/x", "https://a.example:443/y", true},
		{"http://a.example:8080/x", "https://a.example:8443/y", false},
		{"http://a.example/x", "https://a.example:8443/y", false},
		{"https://a.example/x", "http://a.example/y", false},
		{"https://a.example/x", "https://a.example:8443/y", false},
		{"https://a.example/x", "https://b.a.example/y", false},
		{"https://b.a.example/x", "https://a.example/y", false},
		{"https://a.example/x", "https://a.example.evil/y", false},
		{"https://a.example/x", "file://a.example/y", false},
		{"https://[::1]/x", "https://[::1]:443/y", true},
	} {
		from, errFrom := url.Parse(test.from)
		to, errTo := url.Parse(test.to)
		if errFrom != nil || errTo != nil {
			t.Fatal(errFrom, errTo)
		}
		if got := mayTell(from, to); got != test.want {
			t.Errorf("from %s to %s: %v", test.from, test.to, got)
		}
	}
}

func TestLoginOf(t *testing.T) {
	t.Parallel()
	s := madeUp(t, map[string]string{"home/.netrc": "machine n.example login nina password pn"}, nil)
	l := newLogins(s, IndexSettings{
		FindLinks: []string{"https://fred:pf@f.example/wheels/", "/srv/mirror"},
		Indexes: []string{
			"https://ann:pa@a.example/ann/simple", "https://bob:pb@a.example/bob/simple/", "https://a.example/open/simple",
			"https://kim@k.example/simple", "https://eve@n.example/simple", "https://a.example:8443/simple",
		},
		NoKeyring: true,
	})
	for address, want := range map[string]string{
		"https://a.example/ann/simple/mod-wsgi/":      "ann:pa",
		"https://a.example/bob/files/x.tar.gz":        "bob:pb",
		"https://a.example/files/x.tar.gz":            "ann:pa",
		"https://a.example/open/simple/mod-wsgi/":     "",
		"http://a.example/ann/simple/":                "",
		"https://a.example:8443/simple/mod-wsgi/":     "",
		"https://sub.a.example/ann/simple/":           "",
		"https://own:po@a.example/ann/simple/":        "own:po",
		"https://f.example/wheels/x.tar.gz":           "fred:pf",
		"https://k.example/simple/mod-wsgi/":          "kim",
		"https://k.example:444/simple/":               "",
		"https://n.example/simple/":                   "eve", // netrc's is another's
		"https://n.example:8443/simple/":              "nina:pn",
		"https://nina@n.example:8443/simple/":         "nina:pn",
		"https://unknown.example/simple/":             "",
		"https://visitor@unknown.example/x.tar.gz":    "visitor",
		"https://visitor:pv@unknown.example/x.tar.gz": "visitor:pv",
	} {
		parsed, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if user := l.of(parsed); user != nil {
			got = user.String()
		}
		if got != want {
			t.Errorf("%s: login %q, want %q", address, got, want)
		}
	}
}

// A landscape is two servers, each of which has two names, and what they were
// asked: "A 127.0.0.1 /simple/mod-wsgi/ bob:s3cret".
type landscape struct {
	a, b    string // addresses by number
	answers map[string]string
	mutex   sync.Mutex
	asked   []string
}

// newLandscape takes answers by server and path: "A /simple/mod-wsgi/". One
// that begins with "->" redirects, and "!401" wants another login. A, B, a and b in braces stand for the
// servers' addresses, of 127.0.0.1 and of localhost.
func newLandscape(t *testing.T, answers map[string]string) *landscape {
	t.Helper()
	l := &landscape{answers: answers}
	serve := func(name string) string {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { l.answer(w, r, name) }))
		t.Cleanup(server.Close)
		return server.URL
	}
	l.a, l.b = serve("A"), serve("B")
	return l
}

func (l *landscape) fill(text string) string {
	local := func(address string) string { return strings.Replace(address, "127.0.0.1", "localhost", 1) }
	return strings.NewReplacer("{A}", l.a, "{B}", l.b, "{a}", local(l.a), "{b}", local(l.b)).Replace(text)
}

func (l *landscape) answer(w http.ResponseWriter, r *http.Request, name string) {
	host, _, _ := strings.Cut(r.Host, ":")
	user, password, _ := r.BasicAuth()
	l.mutex.Lock()
	l.asked = append(l.asked, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", name, host, r.URL.Path, strings.Trim(user+":"+password, ":"))))
	l.mutex.Unlock()
	answer, ok := l.answers[name+" "+r.URL.Path]
	if target, redirects := strings.CutPrefix(answer, "->"); redirects {
		http.Redirect(w, r, l.fill(target), http.StatusFound)
		return
	}
	if !ok {
		http.NotFound(w, r)
		return
	}
	if answer == "!401" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	w.Header().Set("Content-Type", "text/html")
	fmt.Fprint(w, l.fill(answer))
}

// visits are the requests so far, each once, and forgets them.
func (l *landscape) visits() []string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	asked := l.asked
	l.asked = nil
	slices.Sort(asked)
	return slices.Compact(asked)
}

// TestLoginsGoWherePipSendsThem holds every request to those of the real pip:
// no other server, and on each the same login.
func TestLoginsGoWherePipSendsThem(t *testing.T) {
	t.Parallel()
	wheels, err := filepath.Glob("/usr/share/python-wheels/pip-*.whl")
	if err != nil || len(wheels) == 0 {
		needtest.Missing(t, "no wheel of pip here: %v", err)
	}
	archive := "mod_wsgi-5.0.2.tar.gz"
	digest := "#sha256=" + offered{content: "five"}.digest()
	page := "/simple/mod-wsgi/"
	withLogin := func(address string) string { return strings.Replace(address, "://", "://bob:s3cret@", 1) }
	for name, test := range map[string]struct {
		answers map[string]string
		indexes []string // the first has the login
		netrc   string
		want    []string
	}{
		"a redirect to another port": {
			map[string]string{"A " + page: "->{B}" + page, "B " + page: `<a href="` + archive + digest + `">x</a>`, "B " + page + archive: "five"}, []string{"{A}/simple"}, "",
			[]string{"A 127.0.0.1 /simple/mod-wsgi/ bob:s3cret", "B 127.0.0.1 /simple/mod-wsgi/", "B 127.0.0.1 /simple/mod-wsgi/" + archive},
		},
		"a redirect to another name": {
			map[string]string{"A " + page: "->{a}/moved/", "A /moved/": `<a href="` + archive + digest + `">x</a>`, "A /moved/" + archive: "five"}, []string{"{A}/simple"}, "",
			[]string{"A 127.0.0.1 /simple/mod-wsgi/ bob:s3cret", "A localhost /moved/", "A localhost /moved/" + archive},
		},
		"a redirect on the same server": {
			map[string]string{"A " + page: "->/moved/", "A /moved/": `<a href="` + archive + digest + `">x</a>`, "A /moved/" + archive: "five"}, []string{"{A}/simple"}, "",
			[]string{"A 127.0.0.1 /moved/ bob:s3cret", "A 127.0.0.1 /moved/" + archive + " bob:s3cret", "A 127.0.0.1 /simple/mod-wsgi/ bob:s3cret"},
		},
		"a redirect to a server with a login in netrc": {
			map[string]string{"A " + page: "->{b}" + page, "B " + page: `<a href="` + archive + digest + `">x</a>`, "B " + page + archive: "five"}, []string{"{A}/simple"}, "machine localhost login nina password pn\n",
			[]string{"A 127.0.0.1 /simple/mod-wsgi/ bob:s3cret", "B localhost /simple/mod-wsgi/ nina:pn", "B localhost /simple/mod-wsgi/" + archive + " nina:pn"},
		},
		"links to another port": {
			map[string]string{"A " + page: `<a href="{B}/` + archive + digest + `">x</a>`, "B /" + archive: "five"}, []string{"{A}/simple"}, "",
			[]string{"A 127.0.0.1 /simple/mod-wsgi/ bob:s3cret", "B 127.0.0.1 /" + archive},
		},
		"links to another port by the base": {
			map[string]string{"A " + page: `<base href="{B}/x/"><base href="/y/"><a href="` + archive + digest + `">x</a>`, "B /x/" + archive: "five"}, []string{"{A}/simple"}, "",
			[]string{"A 127.0.0.1 /simple/mod-wsgi/ bob:s3cret", "B 127.0.0.1 /x/" + archive},
		},
		"links to the same server": {
			map[string]string{"A " + page: `<a href="/files/` + archive + digest + `">x</a>`, "A /files/" + archive: "five"}, []string{"{A}/simple"}, "",
			[]string{"A 127.0.0.1 /files/" + archive + " bob:s3cret", "A 127.0.0.1 /simple/mod-wsgi/ bob:s3cret"},
		},
		"an archive that is elsewhere": {
			map[string]string{"A " + page: `<a href="/files/` + archive + digest + `">x</a>`, "A /files/" + archive: "->{B}/kept", "B /kept": "five"}, []string{"{A}/simple"}, "",
			[]string{"A 127.0.0.1 /files/" + archive + " bob:s3cret", "A 127.0.0.1 /simple/mod-wsgi/ bob:s3cret", "B 127.0.0.1 /kept"},
		},
		"links to a server with a login in netrc": {
			map[string]string{"A " + page: `<a href="{B}/files/` + archive + digest + `">x</a>`, "B /files/" + archive: "five"}, []string{"{A}/simple"}, "machine 127.0.0.1 login nina password pn\n",
			[]string{"A 127.0.0.1 /simple/mod-wsgi/ bob:s3cret", "B 127.0.0.1 /files/" + archive + " nina:pn"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLandscape(t, test.answers)
			s := madeUp(t, map[string]string{"home/.netrc": test.netrc}, nil)
			index := withLogin(l.fill(test.indexes[0]))
			x := openTestIndex(t, s, IndexSettings{Indexes: []string{index}, NoKeyring: true})
			archives, err := x.Archives(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := x.Download(t.Context(), archives[0], t.TempDir(), ""); err != nil {
				t.Error(err)
			}
			ours := l.visits()
			if diff := cmp.Diff(test.want, ours); diff != "" {
				t.Error("not as wanted:", diff)
			}
			letPipDownload(t, wheels[0], s.Home, index)
			if diff := cmp.Diff(l.visits(), ours); diff != "" {
				t.Error("not as pip:", diff)
			}
		})
	}
}

// letPipDownload lets pip fetch what it takes for an archive. What it is, is
// none, so that pip fails then.
func letPipDownload(t *testing.T, wheel, home, index string) {
	t.Helper()
	command := exec.Command("/usr/bin/python3", "-m", "pip", "download", "--no-deps", "--dest", t.TempDir(), project)
	command.Env = []string{
		"PATH=" + os.Getenv("PATH"), "PYTHONPATH=" + wheel, "HOME=" + home, "PIP_INDEX_URL=" + index,
		"PIP_NO_CACHE_DIR=1", "PIP_NO_INPUT=1", "PIP_DISABLE_PIP_VERSION_CHECK=1", "PIP_RETRIES=0",
	}
	output, err := command.CombinedOutput()
	lines := strings.Split(strings.TrimSpace(string(output)), "\n")
	t.Logf("pip: %v: %s", err, lines[len(lines)-1])
}

// downloaded reads the index and fetches the first archive.
func downloaded(t *testing.T, x *Index) error {
	t.Helper()
	archives, err := x.Archives(t.Context())
	if err != nil {
		return err
	}
	_, err = x.Download(t.Context(), archives[0], t.TempDir(), "")
	return err
}

func TestLoginComesBackToItsServer(t *testing.T) {
	t.Parallel()
	l := newLandscape(t, map[string]string{"A /simple/mod-wsgi/": "->{B}/x", "B /x": "->{A}/moved/", "A /moved/": `<a href="mod_wsgi-5.0.2.tar.gz">x</a>`})
	x := openTestIndex(t, madeUp(t, nil, nil), IndexSettings{Indexes: []string{strings.Replace(l.a, "://", "://bob:s3cret@", 1) + "/simple"}})
	if _, err := x.Archives(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []string{"A 127.0.0.1 /moved/ bob:s3cret", "A 127.0.0.1 /simple/mod-wsgi/ bob:s3cret", "B 127.0.0.1 /x"}
	if diff := cmp.Diff(want, l.visits()); diff != "" {
		t.Error(diff)
	}
}

// A login in the address of a redirect is none that the user named.
func TestRedirectBringsNoLogin(t *testing.T) {
	t.Parallel()
	l := newLandscape(t, map[string]string{"A /simple/mod-wsgi/": "->{B}/x", "B /x": `<a href="mod_wsgi-5.0.2.tar.gz">x</a>`})
	l.answers["A /simple/mod-wsgi/"] = "->" + strings.Replace(l.b, "://", "://eve:pe@", 1) + "/x"
	x := openTestIndex(t, madeUp(t, nil, nil), IndexSettings{Indexes: []string{l.a + "/simple"}})
	if _, err := x.Archives(t.Context()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"A 127.0.0.1 /simple/mod-wsgi/", "B 127.0.0.1 /x"}, l.visits()); diff != "" {
		t.Error(diff)
	}
}

// Keyring is asked for users of the settings, on their own servers: a page
// that names another user would choose what is looked up, or pass an option.
func TestKeyringIsNotAskedForStrangers(t *testing.T) {
	t.Parallel()
	page := "/simple/mod-wsgi/"
	for name, test := range map[string]struct{ link, asked string }{
		"the index itself":             {"{A}/files/", "get {A}/simple/ bob\n"},
		"another server":               {"{B}/files/", ""},
		"the user on another server":   {"http://bob@{hostB}/files/", ""},
		"another user on the index's":  {"http://eve@{hostA}/files/", "get {A}/simple/ bob\n"},
		"an option in place of a user": {"http://--help@{hostB}/files/", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLandscape(t, nil)
			hosts := strings.NewReplacer("{hostA}", strings.TrimPrefix(l.a, "http://"), "{hostB}", strings.TrimPrefix(l.b, "http://"))
			l.answers = map[string]string{"A " + page: `<a href="` + hosts.Replace(test.link) + `mod_wsgi-5.0.2.tar.gz#sha256=00">x</a>`, "A /files/mod_wsgi-5.0.2.tar.gz": "!401", "B /files/mod_wsgi-5.0.2.tar.gz": "!401"}
			s := madeUp(t, nil, nil)
			record := filepath.Join(t.TempDir(), "asked")
			writeProgram(t, filepath.Join(s.Venv, "bin/keyring"), "#!/bin/sh\necho \"$@\" >>"+record+"\n[ $2 = "+l.a+"/simple/ ] && echo s3cret\n")
			x := openTestIndex(t, s, IndexSettings{Indexes: []string{strings.Replace(l.a, "://", "://bob@", 1) + "/simple"}})
			if err := downloaded(t, x); err == nil || containsSecret(err.Error()) {
				t.Error(err)
			}
			asked, _ := os.ReadFile(record)
			if diff := cmp.Diff(l.fill(test.asked), string(asked)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestRootRunsNoKeyringOfOthers(t *testing.T) {
	needtest.Root(t)
	t.Parallel()
	s := madeUp(t, nil, nil)
	program := filepath.Join(s.Venv, "bin/keyring")
	writeProgram(t, program, "#!/bin/sh\necho s3cret\n")
	if s.findKeyring() == nil || s.findKeyring().program != program {
		t.Fatal("root's own is not found")
	}
	if err := os.Chown(s.Venv, 4711, 4711); err != nil {
		t.Fatal(err)
	}
	if found := s.findKeyring(); found != nil && found.program == program {
		t.Error("root would run", found.program)
	}
}
