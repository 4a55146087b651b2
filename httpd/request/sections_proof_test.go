package request_test

import (
	"fmt"
	"math/rand/v2"
	"path"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
	"github.com/wsgictl/wsgictl/httpd/httpdtest"
	"github.com/wsgictl/wsgictl/httpd/request"
)

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
	random := httpdtest.Random(t)
	for range httpdtest.Rounds(t, 6) {
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
	servers := serversOf(config, someModule)
	ok := true
	for _, host := range []string{"one.test", "1.test", "TWO.test", "x.three.test", "unknown.test"} {
		for _, uri := range []string{"/none.html", "/a/none.html", "/a/b/none.html?x=1", "/c/xx.txt", "/c/xx.txt?y", "/a/b/xx.txt"} {
			_, want := server.Get(host, uri)
			if got := predict(servers, server.Port, m.docs, host, uri); got != outcome(want) {
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

// predict is the mark that the configuration gives the answer to a request.
func predict(servers map[*conf.Server]*request.Server, port int, docs, host, uri string) string {
	var config *conf.Config
	for s := range servers {
		config = s.Config
	}
	server, certain, reason := config.ServerFor(host, port)
	if certain != expr.True {
		return "unknown server: " + reason.String()
	}
	file, query, _ := strings.Cut(uri, "?")
	client := request.Client{Host: host, Port: port, HTTPS: expr.False, Path: file, Query: query}
	set := servers[server].Sample(conf.Request{URI: file, File: docs + file}, client, nil, nil)
	if set.Problem() != "" {
		return "refused"
	}
	choice := set.Pick("ErrorDocument")
	switch d := choice.Likely(); {
	case d == nil:
		return "default"
	case choice.Doubt != nil:
		return "unknown: " + choice.Doubt.Reason.String()
	default:
		return d.Word(1)
	}
}
