package request

import (
	"fmt"
	"testing"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// TestEachKindHasASentence: of its own, so that people can tell apart what the code
// does.
func TestEachKindHasASentence(t *testing.T) {
	t.Parallel()
	told := map[string]bool{}
	hold := func(kind any, said string) {
		if told[said] || said == "" || said == " 0" {
			t.Errorf("%T %v says %q, which another one does too", kind, kind, said)
		}
		told[said] = true
	}
	for kind := range unknownKinds {
		hold(kind, Unknown{Kind: kind, Subject: "it", Detail: "that"}.String())
	}
	for kind := range endingKinds {
		refusal := Ending{Kind: kind, Subject: "it"}.refusal()
		hold(kind, fmt.Sprintf("%v %d", refusal.Reason, refusal.Status))
	}
}

// TestDoubtsAboutTheSameAreOne: a condition of the text is decided once for a request,
// whatever directive asks for it and in which sense. Anything else is decided for each
// directive and each URI.
func TestDoubtsAboutTheSameAreOne(t *testing.T) {
	t.Parallel()
	config := conf.ReadSource("t.conf", `
<IfModule mod_x.c>
    Redirect /a /x
</IfModule>
<IfModule !mod_x.c>
    Redirect /b /x
</IfModule>
<IfModule mod_y.c>
    Redirect /c /x
</IfModule>
RedirectMatch ^/(?!d) /x
RedirectMatch ^/(?!d) /x
`, conf.Options{Root: t.TempDir()})
	httpd := New(config, Module{})
	b := branch{met: map[doubtKey]bool{}}
	var patterns []Doubt
	for d := range config.Directives() {
		for doubt := range httpd.Doubts(d, nil) {
			if holds := b.assume("/"+d.Word(0), doubt); holds == doubt.isNegated() {
				t.Errorf("%s is followed against what it was before: %v", d.Word(0), doubt.Reason)
			}
		}
		if d.Is("RedirectMatch") {
			patterns = append(patterns, Doubt{By: d, Reason: Unknown{Kind: ClientHeader, Subject: "X"}})
		}
	}
	if len(b.doubts) != 2 {
		t.Errorf("of two modules %d are in doubt: %v", len(b.doubts), b.doubts)
	}
	for _, uri := range []string{"/a", "/b", "/a"} {
		for _, doubt := range patterns {
			b.assume(uri, doubt)
		}
	}
	if len(b.doubts) != 2+4 {
		t.Errorf("two directives at two URIs leave %d doubts, want 4", len(b.doubts)-2)
	}
}
