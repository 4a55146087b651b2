package conf

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestFilesOfManyAreFoundAsByTryingEach holds the index of Files sections against
// trying one after the other, for names that were asked for before and others.
func TestFilesOfManyAreFoundAsByTryingEach(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 8))
	pick := func(words ...string) string { return words[random.IntN(len(words))] }
	name := func() string { return pick("a", "b", "ab") + pick("", ".wsgi", ".py") }
	files := func() string {
		var text strings.Builder
		for range 4 + random.IntN(20) {
			section := pick("<Files "+name()+">", "<Files "+name()+">", "<Files \""+pick("a*", "*.wsgi", "?", "[ab].py", "*")+"\">", "<Files ~ ^a>", "<FilesMatch \"\\.("+pick("wsgi", "py", "(?<!x)")+")$\">")
			fmt.Fprintf(&text, "%s\nHeader set a b\n</Files%s>\n", section, map[bool]string{true: "Match"}[strings.HasPrefix(section, "<FilesM")])
		}
		return text.String()
	}
	indexed := 0
	for range 100 {
		text := files() + "<Directory /srv>\n" + files() + "</Directory>\n<VirtualHost *:80>\n" + files() + "</VirtualHost>\n"
		config, plain := ReadSource("t.conf", text, Options{}), ReadSource("t.conf", text, Options{})
		for _, s := range []*sections{plain.Main().sections(), plain.Servers()[1].sections(), plain.Main().sections().directories[0].inside} {
			if s.byFile != nil {
				indexed++
			}
			s.byFile = nil
		}
		for range 20 {
			q := Request{File: "/srv/" + name()}
			got, _, _ := config.Servers()[1].SectionLayers(q)
			want, _, _ := plain.Servers()[1].SectionLayers(q)
			if !slices.EqualFunc(got, want, isAlike) {
				t.Fatalf("%s: %d layers, want %d in\n%s", q.File, len(got), len(want), text)
			}
		}
	}
	if indexed < 100 {
		t.Errorf("only %d of the lists have an index", indexed)
	}
}

func isAlike(a, b Layer) bool {
	return a.Section.Pos().Line == b.Section.Pos().Line && a.Holds == b.Holds && a.Reason == b.Reason
}

// TestFilesAreTriedInProportion counts the sections that requests for as many files are
// held against, and the names that patterns are.
func TestFilesAreTriedInProportion(t *testing.T) {
	t.Parallel()
	tried := map[int]int{}
	for _, count := range []int{1000, 5000} {
		var text strings.Builder
		for n := range count {
			fmt.Fprintf(&text, "<Files app%d.wsgi>\nHeader set a b\n</Files>\n", n)
		}
		config := ReadSource("t.conf", text.String(), Options{})
		for n := range count {
			layers, _, steps := config.Main().SectionLayers(Request{File: fmt.Sprintf("/srv/app%d.wsgi", n)})
			tried[count] += steps
			if len(layers) != 1 {
				t.Fatalf("app%d.wsgi has %d layers", n, len(layers))
			}
		}
	}
	if tried[5000] > 5*tried[1000] {
		t.Errorf("%d sections are tried for 5,000 files, %d for 1,000", tried[5000], tried[1000])
	}

	config := ReadSource("t.conf", strings.Repeat("<Files *.wsgi>\nHeader set a b\n</Files>\n", 100)+strings.Repeat("<Files *.py>\nHeader set a b\n</Files>\n", 100), Options{})
	for n := range 100 {
		if layers, _, _ := config.Main().SectionLayers(Request{File: fmt.Sprintf("/srv/%d/app.wsgi", n)}); len(layers) != 100 {
			t.Fatalf("%d layers, want 100", len(layers))
		}
	}
	if x := config.Main().sections().byFile; len(x.matched) != 1 || x.kept != 101 {
		t.Errorf("patterns are remembered for %d names, with %d numbers in all", len(x.matched), x.kept)
	}
}
