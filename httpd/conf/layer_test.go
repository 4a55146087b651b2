package conf_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
)

// seed gives a source of random numbers, the same each time, so that no change
// fails by chance; WSGICTL_SOAK takes another one each time, which a failed test
// prints, and WSGICTL_SEED repeats it.
func seed(t *testing.T) *rand.Rand {
	t.Helper()
	number := uint64(1)
	if os.Getenv("WSGICTL_SOAK") != "" {
		number = uint64(time.Now().UnixNano())
	}
	if text := os.Getenv("WSGICTL_SEED"); text != "" {
		var err error
		if number, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("again with WSGICTL_SEED=%d", number)
		}
	})
	return rand.New(rand.NewPCG(number, 1))
}

// rounds is how many generated cases a test runs: few, or what WSGICTL_SOAK
// asks for.
func rounds(t *testing.T, few int) int {
	t.Helper()
	text := os.Getenv("WSGICTL_SOAK")
	if text == "" {
		return few
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("WSGICTL_SOAK: %v", err)
	}
	return n
}

// layerMaker writes configuration in which each layer sets the text of error
// 404 to a number of its own, so that httpd tells which layer won.
type layerMaker struct {
	random *rand.Rand
	docs   string
	count  int
	out    strings.Builder
}

func (m *layerMaker) mark(indent string) {
	m.count++
	fmt.Fprintf(&m.out, "%sErrorDocument 404 \"m%d\"\n", indent, m.count)
}

func (m *layerMaker) pick(words ...string) string { return words[m.random.IntN(len(words))] }

func (m *layerMaker) chance(percent int) bool { return m.random.IntN(100) < percent }

func (m *layerMaker) section(name, argument string, inner func()) {
	fmt.Fprintf(&m.out, "<%s %s>\n", name, argument)
	if m.chance(80) {
		m.mark("  ")
	}
	inner()
	fmt.Fprintf(&m.out, "</%s>\n", name)
}

var layerConditions = []string{
	"%{HTTP_HOST} == 'one.test'", "%{HTTP_HOST} =~ /^TWO/i", "%{REQUEST_URI} =~ m#^/a/(b)#", "'%{REQUEST_URI}' -strmatch '*.html'",
	"%{REQUEST_METHOD} == 'GET' && -n %{QUERY_STRING}", "%{QUERY_STRING} -in {'x=1', 'y'}", "true", "false", "! -z %{QUERY_STRING}",
	"%{SERVER_NAME} == 'one.test' || %{REQUEST_URI} == '/none'", "tolower(%{HTTP_HOST}) == 'two.test'", "%{HTTP_HOST} . 'x' == 'one.testx'",
	"not (%{REQUEST_URI} -fnmatch '/*/*')", "%{REQUEST_SCHEME} == 'http' and 3 -lt 12", "-T 'off'", "%{HTTPS} == 'on'",
	"%{req:Host} != 'one.test'", "-d '/etc' && ! -e '/nonexistent'", "'10.1.2.3' -ipmatch '10.0.0.0/8'", "%{REQUEST_URI} =~ /(a)/ && '$1' == 'a'",
	"%{REQUEST_URI} -strcmatch '/A/*'", "'a' < 'b' and not 'b' le 'c'", "%{DOCUMENT_ROOT} =~ /docs$/", "'\\x41' == 'x41'",
}

func (m *layerMaker) conditions(depth int) {
	for m.chance(30) {
		m.section("If", "\""+m.pick(layerConditions...)+"\"", func() {
			if depth < 2 {
				m.conditions(depth + 1)
			}
		})
		if m.chance(40) {
			m.section("ElseIf", "\""+m.pick(layerConditions...)+"\"", func() {})
		}
		if m.chance(40) {
			m.out.WriteString("<Else>\n")
			m.mark("  ")
			m.out.WriteString("</Else>\n")
		}
	}
}

func (m *layerMaker) filesSections() {
	for m.chance(35) {
		inner := func() { m.conditions(2) }
		switch m.random.IntN(3) {
		case 0:
			m.section("Files", m.pick("none.html", "*.html", "x?.txt", "~ \"\\.txt$\"", "[nx]*"), inner)
		case 1:
			m.section("FilesMatch", m.pick("\"^none\"", "\"html$\"", "\"(?i)TXT$\""), inner)
		default:
			m.section("Files", "\"xx.txt\"", inner)
		}
	}
}

func (m *layerMaker) directories() {
	for m.chance(70) {
		inner := func() {
			if m.chance(50) {
				m.out.WriteString("  AllowOverride " + m.pick("None", "All", "FileInfo", "AuthConfig FileInfo") + "\n")
			}
			m.filesSections()
			m.conditions(1)
		}
		folder := m.pick("", "/a", "/a/b", "/a/b/", "/*", "/a/*", "/[ac]", "/c", "/a/./b", "/a//b")
		switch m.random.IntN(4) {
		case 0:
			m.section("DirectoryMatch", m.pick("\"/docs/a\"", "\"b$\"", "\"/docs/[^/]+/b\"", "\"/docs\""), inner)
		case 1:
			m.section("Directory", "~ "+m.pick("\"/a/b\"", "\"docs/c\"", "\".\""), inner)
		default:
			m.section("Directory", m.docs+folder, inner)
		}
	}
}

func (m *layerMaker) locations() {
	for m.chance(60) {
		inner := func() { m.conditions(1) }
		switch m.random.IntN(3) {
		case 0:
			m.section("LocationMatch", m.pick("\"^/a\"", "\"html$\"", "\"/b/\""), inner)
		default:
			m.section("Location", m.pick("/", "/a", "/a/", "/a/b", "/*/b/none.html", "/c/xx.txt", "/a*", "~ \"/c/\""), inner)
		}
	}
}

// server writes what a server holds, in a random order of kinds.
func (m *layerMaker) server() {
	kinds := []func(){m.directories, m.locations, m.filesSections, func() { m.conditions(0) }}
	m.random.Shuffle(len(kinds), func(i, j int) { kinds[i], kinds[j] = kinds[j], kinds[i] })
	if m.chance(60) {
		m.mark("")
	}
	for _, kind := range kinds {
		kind()
	}
}

func (m *layerMaker) htaccessFile() string {
	saved := m.out.String()
	m.out.Reset()
	m.mark("")
	m.filesSections()
	m.conditions(1)
	text := m.out.String()
	m.out.Reset()
	m.out.WriteString(saved)
	return text
}

func TestLayersAreMergedAsHTTPDDoes(t *testing.T) {
	t.Parallel()
	random := seed(t)
	for range rounds(t, 6) {
		if !checkLayers(t, random) {
			return
		}
	}
}

// checkLayers asks a real server, and the configuration that was read, for the
// same URLs on several hosts.
func checkLayers(t *testing.T, random *rand.Rand) bool {
	t.Helper()
	server := httpdtest.New(t)
	m := &layerMaker{random: random, docs: server.Root + "/docs"}
	for _, folder := range []string{"a/b", "c"} {
		server.Write("docs/"+folder+"/index.txt", "")
	}
	fmt.Fprintf(&m.out, "DocumentRoot %s\n<Directory />\nRequire all granted\n</Directory>\n", m.docs)
	for _, folder := range []string{"", "a", "a/b", "c"} {
		if m.chance(50) {
			server.Write(path.Join("docs", folder, ".htaccess"), m.htaccessFile())
		}
	}
	m.server()
	for _, names := range []string{"one.test\nServerAlias 1.test", "two.test", "three.test\nServerAlias *.three.test"} {
		fmt.Fprintf(&m.out, "<VirtualHost *:%d>\nServerName %s\n", server.Port, names)
		m.server()
		m.out.WriteString("</VirtualHost>\n")
	}
	server.Start(m.out.String())
	defer server.Stop()
	config, err := conf.Read(server.Root+"/httpd.conf", conf.Options{Scope: conf.Whole})
	if err != nil {
		t.Fatal(err)
	}
	ok := true
	for _, host := range []string{"one.test", "1.test", "TWO.test", "x.three.test", "unknown.test"} {
		for _, uri := range []string{"/none.html", "/a/none.html", "/a/b/none.html?x=1", "/c/xx.txt", "/c/xx.txt?y", "/a/b/xx.txt"} {
			_, want := server.Get(host, uri)
			if got := predict(config, server.Port, m.docs, host, uri); got != outcome(want) {
				t.Errorf("%s %s: predicted %s, httpd says %s", host, uri, got, outcome(want))
				ok = false
			}
		}
	}
	if !ok {
		t.Logf("configuration:\n%s\nerror log:\n%s", m.out.String(), server.ErrorLog())
	}
	return ok
}

// outcome is the mark in what httpd answered.
func outcome(body string) string {
	switch {
	case strings.Contains(body, "500 Internal Server Error"):
		return "refused"
	case strings.Contains(body, "404 Not Found"):
		return "default"
	}
	return strings.TrimSpace(body)
}

// TestRegularExpressionsOfBothServersHaveOneOrder has that of the main server win,
// which has more slashes in it; httpd says so in the test of random scopes.
func TestRegularExpressionsOfBothServersHaveOneOrder(t *testing.T) {
	t.Parallel()
	config := conf.ReadSource("t.conf", `
<DirectoryMatch "/docs/a">
SetHandler main
</DirectoryMatch>
<VirtualHost *:80>
ServerName one.test
<DirectoryMatch "/docs">
SetHandler host
</DirectoryMatch>
</VirtualHost>
`, conf.Options{})
	server, _, _ := config.ServerFor("one.test", 80)
	candidates, _ := lastWins(server.Settings(conf.Request{URI: "/a/x", File: "/srv/docs/a/x"}, "SetHandler"))
	if got := candidates[0].Word(0); got != "main" {
		t.Errorf("%s wins", got)
	}
}

// lastWins are the settings that may have the last word: the last one, and while
// that is not certain the one before it, and so on. decided is false when even the
// first of them is not certain, so that the default is possible too.
func lastWins(settings []conf.Setting) (candidates []conf.Setting, decided bool) {
	for _, setting := range slices.Backward(settings) {
		candidates = append(candidates, setting)
		if setting.Holds == expr.True {
			return candidates, true
		}
	}
	return candidates, len(settings) == 0
}

func predict(config *conf.Config, port int, docs, host, uri string) string {
	server, certain, reason := config.ServerFor(host, port)
	if certain != expr.True {
		return "unknown server: " + reason
	}
	file, query, _ := strings.Cut(uri, "?")
	layers := server.Layers(conf.Request{URI: file, Query: query, File: docs + file, Host: host})
	for _, layer := range layers {
		if layer.Htaccess != nil && layer.Htaccess.Problem != "" {
			return "refused"
		}
	}
	settings := conf.Select(layers, "ErrorDocument")
	candidates, decided := lastWins(settings)
	switch {
	case !decided:
		return "unknown: " + candidates[0].Reason
	case len(candidates) == 0:
		return "default"
	case len(candidates) > 1:
		return "undecided: " + candidates[0].Reason
	}
	return candidates[0].Word(1)
}
