package wsgi

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
	"github.com/wsgictl/wsgictl/httpd/request"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// TestIndexesFindWhatPairsWould holds the indexes against comparing each entry
// point with each section, and each alias with each one before it, as mod_wsgi
// does.
func TestIndexesFindWhatPairsWould(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		configuration := randomPlaces(random)
		config := conf.ReadSource("t.conf", configuration, conf.Options{Modules: []conf.Module{Module(modwsgi.Newest)}})
		s := Look(config, modwsgi.Newest, nil).Main()
		index := newAliasIndex(s.Aliases, s.Httpd)
		var deciding []*conf.Directive
		if s.deciding != nil {
			deciding = s.deciding.sections
		}
		for n, alias := range s.Aliases {
			if got, want := index.shadowOf(n), pairedShadow(s.Httpd, alias, s.Aliases[:n]); got != want {
				t.Errorf("%s: shadow %v, want %v in\n%s", alias.URLPath, got, want, configuration)
			}
			for _, uri := range []string{"", "/", "/a", "/a/b", "/b//a/c", "/ab/"} {
				taken := slices.ContainsFunc(s.Aliases[:n], func(other *Alias) bool { _, takes := other.match(uri); return takes == expr.True })
				if index.isFree(uri, n) == taken {
					t.Errorf("%s before %d is free: %v in\n%s", uri, n, !taken, configuration)
				}
			}
			for _, folder := range []bool{true, false} {
				if diff := cmp.Diff(partsOf(deciding, alias, folder), partsOf(s.decidingAround(alias.URLPath, alias.Target, folder, math.MaxInt), alias, folder)); diff != "" {
					t.Errorf("parts of %s %s, folder %v (-pairs +index):\n%s\n%s", alias.URLPath, alias.Target, folder, diff, configuration)
				}
			}
		}
	}
}

// TestShadowIsFoundBelowManyInDoubt has an alias for the same URL stand below
// more of them than anybody writes, each in a condition of its own.
func TestShadowIsFoundBelowManyInDoubt(t *testing.T) {
	t.Parallel()
	var configuration strings.Builder
	for n := range 1000 {
		fmt.Fprintf(&configuration, "<IfModule m%d_module>\nWSGIScriptAlias /a /srv/%d.wsgi\n</IfModule>\n", n, n)
	}
	configuration.WriteString("WSGIScriptAlias /a /srv/first.wsgi\nWSGIScriptAlias /a/b /srv/never.wsgi\n")
	config := conf.ReadSource("t.conf", configuration.String(), conf.Options{Modules: []conf.Module{Module(modwsgi.Newest)}})
	for alias, above := range Look(config, modwsgi.Newest, nil).Main().Shadowed() {
		if alias.Target != "/srv/never.wsgi" || above.Target != "/srv/first.wsgi" {
			t.Errorf("%s is shadowed by %s", alias.Target, above.Target)
		}
		return
	}
	t.Error("nothing is shadowed")
}

// TestAliasesOfManyAreFoundAsByTryingEach holds the Alias above a script, the
// mount of a rewrite rule, and the server of a directive against trying each.
func TestAliasesOfManyAreFoundAsByTryingEach(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(2, 2))
	for n := range 100 {
		configuration := randomPlaces(random)
		if n%2 == 0 { // with more than a few aliases
			configuration += randomPlaces(random) + randomPlaces(random)
		}
		for range 8 {
			configuration += "Alias /x " + randomPath(random) + "\n"
		}
		configuration += "<VirtualHost *:80>\n" + configuration + "</VirtualHost>\n<VirtualHost *:81 *:80>\nAlias /x /a\n</VirtualHost>\n<VirtualHost *:80>\n</VirtualHost>\n"
		v := Look(conf.ReadSource("t.conf", configuration, conf.Options{Modules: []conf.Module{Module(modwsgi.Newest)}}), modwsgi.Newest, nil)
		for _, s := range v.Servers {
			for range 20 {
				place := randomPath(random)
				got, indexed, want := s.aliasOver(place), s.aliasAbove(path.Clean(place)), eachAliasOver(s, place)
				if got != want || indexed != want {
					t.Errorf("alias over %s: %v, want %v in\n%s", place, got, want, configuration)
				}
				if got, want := firstTaking(s.aliasesFor(place), place), firstTaking(slices.Values(s.allAliases(math.MaxInt)), place); got != want {
					t.Errorf("alias for %s: %v, want %v in\n%s", place, got, want, configuration)
				}
				if got, want := s.MountOf(place), eachMountOf(s, place); got != want {
					t.Errorf("mount of %s: %v, want %v in\n%s", place, got, want, configuration)
				}
			}
		}
		for d := range v.Config.All() {
			host := v.Config.Main()
			for _, s := range v.Config.Servers()[1:] {
				if s.Section == d.VirtualHost() {
					host = s
				}
			}
			if v.ServerAround(d) != host {
				t.Errorf("%s: another server in\n%s", d.Pos(), configuration)
			}
		}
	}
}

// TestExtensionsAreBounded has more extensions than anybody uses on each of many
// hosts: on each, the first ones and one for the others.
func TestExtensionsAreBounded(t *testing.T) {
	t.Parallel()
	configuration := "AddHandler wsgi-script"
	for n := range 500 {
		configuration += fmt.Sprintf(" .e%d", n)
	}
	for n := range 500 {
		configuration += fmt.Sprintf("\nAddType application/x-httpd-wsgi .e%d", n)
	}
	for n := range 100 {
		configuration += fmt.Sprintf("\n<VirtualHost *:80>\nServerName h%[1]d\nDocumentRoot /srv/h%[1]d\n</VirtualHost>", n)
	}
	config := conf.ReadSource("t.conf", configuration, conf.Options{Modules: []conf.Module{Module(modwsgi.Newest)}})
	modes := map[Mode]int{}
	for _, a := range Look(config, modwsgi.Newest, nil).Applications {
		modes[a.Mode]++
	}
	if diff := cmp.Diff(map[Mode]int{Embedded: 100 * mostExtensions, Dynamic: 100}, modes); diff != "" {
		t.Errorf("applications by mode (-want +got):\n%s", diff)
	}
}

func eachAliasOver(s *Server, file string) *conf.Directive {
	for _, d := range s.Level {
		if d.Is("Alias") && conf.IsBelow(file, d.Word(1)) {
			return d
		}
	}
	return nil
}

// firstTaking is the first of the aliases that takes a URL.
func firstTaking(aliases iter.Seq[*Alias], uri string) *Alias {
	for alias := range aliases {
		if _, takes := alias.match(uri); takes == expr.True {
			return alias
		}
	}
	return nil
}

func eachMountOf(s *Server, uri string) *Alias {
	for _, alias := range s.allAliases(math.MaxInt) {
		if _, takes := alias.match(uri); takes == expr.True && !alias.IsMatch && alias.URLPath != "/" {
			return alias
		}
	}
	return nil
}

// partsOf are the parts that sections make of the place of an alias.
func partsOf(sections []*conf.Directive, alias *Alias, folder bool) []string {
	var parts []string
	for _, section := range sections {
		if p, ok := partOf(section, part{uri: alias.URLPath, file: alias.Target, folder: folder}); ok {
			parts = append(parts, fmt.Sprintf("%s %+v", section.Pos(), p))
		}
	}
	return parts
}

// pairedShadow is the first alias of these that takes all URLs of another.
func pairedShadow(httpd *request.Httpd, alias *Alias, before []*Alias) *Alias {
	for _, other := range before {
		var covers bool
		switch {
		case alias.IsMatch && other.IsMatch:
			covers = other.URLPath == alias.URLPath
		case other.IsMatch:
			covers = other.URLPath == "^/" || other.URLPath == "/" || other.URLPath == "^"+alias.URLPath
		case alias.IsMatch:
			covers = other.URLPath == "/"
		default:
			covers = request.MatchURLPath(alias.URLPath, other.URLPath) > 0
		}
		if covers && httpd.IsCertain(other.Directive, alias.Unknown) {
			return other
		}
	}
	return nil
}

// randomPlaces is a configuration of aliases and sections that lie within each
// other.
func randomPlaces(random *rand.Rand) string {
	pick := func(words ...string) string { return words[random.IntN(len(words))] }
	name := func() string { return randomPath(random) }
	var configuration strings.Builder
	for range 8 {
		match, open, end := pick("", "", "", "Match ^"), "", ""
		for random.IntN(4) == 0 {
			open, end = open+"<IfModule "+pick("other_module", "!other_module", "wsgi_module", "more_module")+">\n", end+"</IfModule>\n"
		}
		if match == "" {
			match = " "
		}
		fmt.Fprintf(&configuration, "%sWSGIScriptAlias%s%s %s\n%s", open, match, name(), name(), end)
		inner := "WSGIProcessGroup g\n"
		if random.IntN(3) == 0 {
			inner = "<Files a>\n" + inner + "</Files>\n"
		}
		switch random.IntN(4) {
		case 0:
			fmt.Fprintf(&configuration, "<Location %s>\nWSGIProcessGroup g\n</Location>\n", name())
		case 1:
			fmt.Fprintf(&configuration, "<Directory %s>\n%s</Directory>\n", pick(name(), "/*/a", "/"), inner)
		case 2:
			configuration.WriteString(inner)
		}
	}
	return configuration.String()
}

func randomPath(random *rand.Rand) string {
	pick := func(words ...string) string { return words[random.IntN(len(words))] }
	text := pick("/", "/a", "/b", "/ab")
	for random.IntN(2) == 0 {
		text = strings.TrimSuffix(text, "/") + pick("/a", "/b", "//a", "/")
	}
	return text
}
