package request

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// TestManyConditionsAreThoseOfAll holds the sections with conditions that are
// found by the names in them against deciding all.
func TestManyConditionsAreThoseOfAll(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 8))
	held := 0
	for range 40 {
		configuration := "<VirtualHost *:80>\n" + manyIfs(random, 60, 0) + "</VirtualHost>\n" + manyIfs(random, 40, 0) + "<Location /a>\n" + manyIfs(random, 12, 1) + "</Location>\n"
		config := conf.ReadSource("t.conf", configuration, conf.Options{})
		httpd := New(config, Module{})
		main := &Server{Server: config.Main(), Httpd: httpd}
		host := &Server{Server: config.Servers()[1], Httpd: httpd, Main: main}
		for _, uri := range []string{"", "/a", "/A/b", "/b", "/é"} {
			set := host.Sample(conf.Request{URI: uri, File: "/srv/x"}, Client{}, nil, nil)
			many := set.conditions.many
			all := many.around.Layers(many.facts)
			for _, names := range [][]string{{"SetEnv"}, {"header", "SetHandler"}, {"None"}} {
				decided := many.around.Decide(many.facts, nil, math.MaxInt, names...)
				got, want := holding(decided.Layers, names), holding(all, names)
				held += len(want)
				if !slices.Equal(layerTexts(got), layerTexts(want)) || decided.LeftAt >= 0 {
					t.Errorf("%v of %q: %q, want %q in\n%s", names, uri, layerTexts(got), layerTexts(want), configuration)
				}
			}
		}
	}
	if held < 1000 {
		t.Errorf("only %d sections hold anything", held)
	}
}

func manyIfs(random *rand.Rand, count, depth int) string {
	var text strings.Builder
	pick := func(words ...string) string { return words[random.IntN(len(words))] }
	for n := range count {
		inside := pick("SetEnv a b\n", "Header set a b\n", "SetHandler x\n", "Require all granted\n")
		if depth < 2 && random.IntN(6) == 0 {
			inside += manyIfs(random, 1+random.IntN(12), depth+1)
		}
		name := "If"
		if n > 0 && random.IntN(3) == 0 {
			name = "ElseIf"
		}
		condition := pick("%{REQUEST_URI} == '/a'", "'/b' == %{REQUEST_URI}", "%{REQUEST_URI} =~ m#^/a#i", "%{HTTP:A} == 'b' && %{REQUEST_URI} =~ /b/", "%{REQUEST_URI} =~ /(?i)é/",
			"! %{REQUEST_URI} =~ /a/", "%{HTTP:A} == 'c'", "true", "false")
		fmt.Fprintf(&text, "<%s \"%s\">\n%s</%s>\n", name, condition, inside, name)
	}
	return text.String()
}

// holding are the layers that hold a directive of one of these names.
func holding(layers []conf.Layer, names []string) (found []conf.Layer) {
	for _, layer := range layers {
		for d := range layer.Children() {
			if slices.ContainsFunc(names, d.Is) {
				found = append(found, layer)
				break
			}
		}
	}
	return found
}

func layerTexts(layers []conf.Layer) (texts []string) {
	for _, layer := range layers {
		texts = append(texts, layerText(layer))
	}
	return texts
}

// TestSamplesHaveNoMoreConditionsThanAreDecided holds what is said where more
// conditions decide than are looked at.
func TestSamplesHaveNoMoreConditionsThanAreDecided(t *testing.T) {
	t.Parallel()
	var ifs strings.Builder
	for n := range maxConditions + 20 {
		fmt.Fprintf(&ifs, "<If \"%%{HTTP:A} == '%d'\">\nSetEnv a %d\nRequire all denied\nOptions -Includes\n</If>\n", n, n)
	}
	const last = "<If \"true\">\nSetHandler x\n</If>\n"
	config := conf.ReadSource("t.conf", "SetEnv a b\n<Location />\nRequire all denied\n</Location>\n"+ifs.String()+last, conf.Options{})
	s := &Server{Server: config.Main(), Httpd: New(config, Module{}), Level: outsideSections(config.Main())}
	set := s.Sample(conf.Request{URI: "/a", File: "/srv/x"}, Client{}, nil, nil)
	if c := set.Pick("SetEnv"); !c.Cut || len(c.Candidates) != maxConditions+1 || c.Doubt == nil {
		t.Errorf("SetEnv has %d candidates, cut %v, %v", len(c.Candidates), c.Cut, c.Doubt)
	}
	if c := set.Pick("SetHandler"); c.Open || c.Certain() == nil {
		t.Errorf("SetHandler has %d candidates, %v, want the one that is in effect", len(c.Candidates), c.Doubt)
	}
	if d := set.DeniedBy(); d != nil {
		t.Errorf("%v denies for certain", d.Pos())
	}
}

// TestLastConditionsAreThoseThatCount holds a few conditions, decided of many,
// against the last ones of all, and what is said of those that are left.
func TestLastConditionsAreThoseThatCount(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(9, 10))
	cut := 0
	for range 60 {
		configuration := "<Location />\n" + manyIfs(random, 1+random.IntN(30), 2) + "</Location>\n" + manyIfs(random, 40, 2)
		config := conf.ReadSource("t.conf", configuration, conf.Options{})
		s := &Server{Server: config.Main(), Httpd: New(config, Module{})}
		many := s.Sample(conf.Request{URI: "/a", File: "/srv/x"}, Client{}, nil, nil).conditions.many
		if many == nil {
			continue
		}
		names := []string{"SetEnv", "Header"}
		whole := many.around.Decide(many.facts, nil, math.MaxInt, names...)
		for most := range whole.Count + 1 {
			got := many.around.Decide(many.facts, nil, most, names...)
			if got.LeftAt >= 0 {
				cut++
			}
			texts, all := layerTexts(got.Layers), layerTexts(whole.Layers)
			isLast := len(texts) <= len(all) && slices.Equal(texts, all[len(all)-len(texts):])
			if got.Count > most || !isLast || (got.Count == whole.Count) != (got.LeftAt < 0) {
				t.Errorf("the last %d of %d are %d, left at %d: %q, of %q in\n%s", most, whole.Count, got.Count, got.LeftAt, texts, all, configuration)
			}
		}
		inside := firstOf(whole.Layers)
		if kept := many.around.Decide(many.facts, inside, 1, names...).Layers; firstOf(kept) != inside {
			t.Errorf("%v is not kept, %q of %q in\n%s", inside.Pos(), layerTexts(many.around.Decide(many.facts, inside, 1, names...).Layers), layerTexts(whole.Layers), configuration)
		}
	}
	if cut < 500 {
		t.Errorf("only %d times there was no room", cut)
	}
}

// firstOf is the section of the first layer, or nil.
func firstOf(layers []conf.Layer) *conf.Directive {
	if len(layers) == 0 {
		return nil
	}
	return layers[0].Section
}
