package request

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// linesTest is a random configuration of lines that take and rewrite URLs.
type linesTest struct {
	random        *rand.Rand
	configuration string
	config        *conf.Config
	main          *Server
	host          *Server
}

func newLinesTest(random *rand.Rand) *linesTest {
	m := &linesTest{random: random}
	host := m.lines()
	m.configuration = m.lines() + "<VirtualHost *:80>\n" + host + "</VirtualHost>\n"
	m.config = conf.ReadSource("t.conf", m.configuration, conf.Options{})
	m.main, m.host = m.servers()
	return m
}

// servers are the main server and the virtual host, with nothing looked up.
func (m *linesTest) servers() (main, host *Server) {
	httpd := New(m.config, Module{Names: []string{"wsgi_module"}})
	servers := m.config.Servers()
	main = &Server{Server: servers[0], Httpd: httpd, Level: outsideSections(servers[0])}
	return main, &Server{Server: servers[1], Httpd: httpd, Main: main, Level: outsideSections(servers[1])}
}

func outsideSections(s *conf.Server) (level []*conf.Directive) {
	for d := range s.Directives() {
		if !d.IsSection() {
			level = append(level, d)
		}
	}
	return level
}

func (m *linesTest) pick(words ...string) string { return words[m.random.IntN(len(words))] }

func (m *linesTest) path() string {
	text := m.pick("/", "/a", "/B", "/ab", "//a", "a", "")
	for m.random.IntN(2) == 0 {
		text += m.pick("/a", "/b", "//a", "/", "é", "k", "//")
	}
	return cmp.Or(text, "/")
}

func (m *linesTest) pattern() string {
	return m.pick("^", "", "^(.*)", "(?i)^", "^(?!x)") + m.path() + m.pick("", "", "$", "(.*)", "|/b", "+", "?", "{2}", "[(]|/a")
}

func (m *linesTest) line() string {
	switch m.random.IntN(9) {
	case 0:
		return m.pick("Alias ", "ScriptAlias ") + m.path() + " /srv\n"
	case 1:
		return m.pick("AliasMatch ", "ScriptAliasMatch ") + m.pattern() + " /srv/$1\n"
	case 2:
		return m.pick("Redirect ", "RedirectPermanent ", "Redirect 301 ", "Redirect gone ") + m.path() + " http://x/\n"
	case 3:
		return m.pick("RedirectMatch ", "RedirectMatch temp ") + m.pattern() + " http://x/\n"
	case 4:
		return "ProxyPass " + m.path() + m.pick(" !", " http://x/") + "\n"
	case 5:
		return "ProxyPassMatch " + m.pattern() + m.pick(" !", " http://x/") + "\n"
	case 6:
		return "RewriteCond %{HTTPS} " + m.pick("on", "!on", "off") + "\n" + m.rule()
	}
	return m.rule()
}

func (m *linesTest) rule() string {
	flags := m.pick("", "[L]", "[R]", "[NC,R]", "[C]", "[S=2]", "[F]", "[PT]", "[NC]", "[N=100]", "[E=a:b]", "[END]")
	return "RewriteRule " + m.pick("", "", "", "!") + m.pattern() + " " + m.pick("-", "-", m.path(), "/a$1", "http://x/") + " " + flags + "\n"
}

func (m *linesTest) lines() string {
	var configuration strings.Builder
	configuration.WriteString("RewriteEngine On\n" + m.pick("", "RewriteOptions Inherit\n"))
	for range m.random.IntN(160) {
		line := m.line()
		if m.random.IntN(12) == 0 {
			line = "<IfModule " + m.pick("other_module", "!other_module", "wsgi_module", "!wsgi_module") + ">\n" + line + "</IfModule>\n"
		}
		configuration.WriteString(line)
	}
	return configuration.String()
}

// TestLinesThatTakeURLsAreFoundAsByTryingEach holds the index of redirects,
// proxies and aliases against trying one after the other, with the doubts that
// are met on the way.
func TestLinesThatTakeURLsAreFoundAsByTryingEach(t *testing.T) {
	t.Parallel()
	m := linesTest{random: rand.New(rand.NewPCG(1, 2))}
	for range 60 {
		m = *newLinesTest(m.random)
		for range 20 {
			uri, seed := m.path(), m.random.Uint64()
			for kind := proxyTaker; kind < takerKinds; kind++ {
				assume, met := assuming(seed)
				got := first(m.host.taking(kind, uri, assume))
				assume, wanted := assuming(seed)
				if want := first(m.host.tryEach(kind, uri, assume)); got != want || !slices.Equal(*met, *wanted) {
					t.Errorf("%q is taken by %v with doubts %v, want %v, %v in\n%s", uri, got, *met, want, *wanted, m.configuration)
				}
			}
		}
	}
}

// assuming decides doubts by chance, the same way for the same seed, and notes
// which were met.
func assuming(seed uint64) (assume Assume, met *[]*conf.Directive) {
	random := rand.New(rand.NewPCG(seed, 0))
	met = new([]*conf.Directive)
	return func(d Doubt) bool {
		*met = append(*met, d.By)
		return random.IntN(2) == 0
	}, met
}

func first(found func(func(*conf.Directive) bool)) *conf.Directive {
	for d := range found {
		return d
	}
	return nil
}

func (s *Server) tryEach(kind takerKind, uri string, assume Assume) func(func(*conf.Directive) bool) {
	return func(yield func(*conf.Directive) bool) {
		for at := s; at != nil; at = at.Main {
			for _, d := range at.Level {
				if s.takes(kind, d, uri, assume) && at.IsInEffect(d, assume) && !yield(d) {
					return
				}
			}
		}
	}
}

// TestManyRulesDoWhatEachDoes holds rules that are found by the texts that they
// need against trying one after the other.
func TestManyRulesDoWhatEachDoes(t *testing.T) {
	t.Parallel()
	m := linesTest{random: rand.New(rand.NewPCG(3, 4))}
	indexed := 0
	for range 150 {
		m = *newLinesTest(m.random)
		_, plain := m.servers()
		if rules := plain.allRules(Certainly); rules.index != nil {
			rules.index = nil
			indexed++
		}
		for range 20 {
			uri := m.path()
			if got, want := outcomeOfRules(m.host, uri), outcomeOfRules(plain, uri); got != want {
				t.Errorf("%q: %s, want %s in\n%s", uri, got, want, m.configuration)
			}
			c := Client{Host: "x", Port: 80, Path: uri}
			if got, want := m.host.RewrittenAway(c, &Samples{}), plain.RewrittenAway(c, &Samples{}); got != want {
				t.Errorf("%q is rewritten away by %v, want %v in\n%s", uri, got, want, m.configuration)
			}
		}
	}
	if indexed < 15 {
		t.Errorf("only %d of the configurations have an index", indexed)
	}
}

// outcomeOfRules tells all that the rules of a server make of a URL.
func outcomeOfRules(s *Server, uri string) string {
	c := Client{Host: "x", Port: 80, Path: uri}
	b := branch{server: s, client: c, met: map[doubtKey]bool{}}
	q := received{branch: &b, Request: conf.Request{URI: uri}}
	q, early := q.earlySettings()
	w := q.rewriteServer(early)
	line := 0
	if w.rule != nil {
		line = w.rule.Pos().Line
	}
	return fmt.Sprintf("line %d, taken %v, %q, %q, handler %q, %v, %d doubts", line, w.taken, w.URI, w.file, w.forced.handler.Name, w.variables, len(b.doubts))
}

// TestEarlyLayersAreThoseWithoutFiles holds what applies before the file is known
// against all that applies.
func TestEarlyLayersAreThoseWithoutFiles(t *testing.T) {
	t.Parallel()
	const inside = "<If \"true\">\nHeader set a b\n</If>\n<ElseIf \"%{HTTP:A} == 'b'\">\nHeader set a c\n</ElseIf>\n<Files a>\n<If \"true\">\nHeader set a d\n</If>\n</Files>\n"
	configuration := inside + "<Directory /srv>\n" + inside + "</Directory>\n<Location /a>\n" + inside + "</Location>\n<LocationMatch b>\nHeader set a e\n</LocationMatch>\n" +
		"<Directory />\n" + inside + "</Directory>\n<If \"%{HTTP:A} == 'c'\">\n<Files b>\nHeader set a d\n</Files>\n<If \"true\">\nHeader set a f\n</If>\n</If>\n"
	config := conf.ReadSource("t.conf", configuration+"<VirtualHost *:80>\n"+configuration+"</VirtualHost>\n", conf.Options{})
	httpd := New(config, Module{})
	for _, host := range config.Servers() {
		s := &Server{Server: host, Httpd: httpd}
		for _, uri := range []string{"/a", "/a/b", "/b", "/"} {
			b := branch{server: s, client: Client{Host: "x", Path: uri}}
			q := received{branch: &b, Request: conf.Request{URI: uri}}
			var got, want []string
			_, early := q.earlySettings()
			for _, layer := range slices.Collect(early.outermost()) {
				got = append(got, layerText(layer))
			}
			for _, layer := range slices.Collect(located{translated: translated{received: q}}.settle().Settings.outermost()) {
				if !isOfFiles(layer.Section) {
					want = append(want, layerText(layer))
				}
			}
			if !slices.Equal(got, want) || len(got) < 3 {
				t.Errorf("%s: %q, want %q", uri, got, want)
			}
		}
	}
}

func layerText(l conf.Layer) string {
	return fmt.Sprintf("line %d, %v %s", l.Section.Pos().Line, l.Holds, l.Reason)
}

// isOfFiles tells whether a section, or one around it, is for files.
func isOfFiles(section *conf.Directive) bool {
	for ; section != nil; section = section.Parent {
		if strings.HasPrefix(section.Name, "<Directory") || strings.HasPrefix(section.Name, "<Files") {
			return true
		}
	}
	return false
}

// TestSettingsOfManyAreThoseOfAll holds the settings of a server that are found
// by their names against looking through all.
func TestSettingsOfManyAreThoseOfAll(t *testing.T) {
	t.Parallel()
	m := linesTest{random: rand.New(rand.NewPCG(5, 6))}
	many := 0
	for range 100 {
		m = *newLinesTest(m.random)
		if len(m.host.Level) > fewSettings {
			many++
		}
		for _, names := range [][]string{{"Alias"}, {"alias", "RewriteRule"}, {"RewriteRule", "Redirect", "ProxyPass"}, {"None"}} {
			named := func(d *conf.Directive) bool { return slices.ContainsFunc(names, d.Is) }
			var got, want []*conf.Directive
			for _, d := range m.host.level(names...) {
				if named(d) {
					got = append(got, d)
				}
			}
			for _, d := range m.host.Level {
				if named(d) {
					want = append(want, d)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%v: %d settings, want %d in\n%s", names, len(got), len(want), m.configuration)
			}
		}
	}
	if many < 10 {
		t.Errorf("only %d of the servers have many settings", many)
	}
}
