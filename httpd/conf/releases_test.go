package conf_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

const releasesTable = `module x_module mod_x.c
Always take1 server
Newer take1 server 2.4.17-
Gone take1 server -2.4.54
Between take1 server 2.4.19-2.4.29
Widened take12 server 2.4.36-
Widened take1 server -2.4.35
Fix flag server ~2.4.39-
Patch flag server ~
`

func TestDirectivesAreThoseOfTheRelease(t *testing.T) {
	t.Parallel()
	modules, err := conf.ParseModules(releasesTable)
	if err != nil {
		t.Fatal(err)
	}
	const text = "LoadModule x_module x.so\nAlways a\nNewer a\nGone a\nBetween a\nWidened a b\nFix On\nPatch On\n"
	for version, want := range map[string][]string{
		"2.4.6":      {"Newer", "Between", "Widened"},
		"2.4.17":     {"Between", "Widened"},
		"2.4.29":     {"Widened"},
		"2.4.30":     {"Between", "Widened"},
		"2.4.36":     {"Between"},
		"2.4.54-dev": {"Between"},
		"2.4.55":     {"Gone", "Between"},
		"":           nil,
		"2.5.1":      nil,
	} {
		config := conf.ReadSource("a.conf", text, conf.Options{Scope: conf.Whole, Root: t.TempDir(), Version: version, Modules: modules})
		var refused []string
		for _, d := range config.Errors() {
			name, _, _ := strings.Cut(strings.TrimPrefix(d.Message, "Invalid command '"), " ")
			refused = append(refused, strings.TrimSuffix(name, "',"))
		}
		if diff := cmp.Diff(want, refused); diff != "" {
			t.Errorf("httpd %q refuses (-want +got):\n%s", version, diff)
		}
	}
}

func TestWrongReleasesOfATableAreRefused(t *testing.T) {
	t.Parallel()
	for _, releases := range []string{"2.4.17", "-", "2.2.3-", "2.4.x-", "2.4.17- more"} {
		_, err := conf.ParseModules("module x_module mod_x.c\nName take1 server " + releases + "\n")
		if err == nil || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%q: %v, want an error about line 2", releases, err)
		}
	}
}

// TestInnerIfHoldsSince is what the documentation of <If> says of 2.4.26.
func TestInnerIfHoldsSince(t *testing.T) {
	t.Parallel()
	const text = "<If \"true\">\nSetHandler outer\n<If \"true\">\nSetHandler inner\n</If>\n</If>\n"
	for version, want := range map[string]string{"2.4.25": "outer", "2.4.26": "inner", "": "inner"} {
		config := conf.ReadSource("a.conf", text, conf.Options{Version: version})
		settings := config.Main().Settings(conf.Request{URI: "/", File: "/srv/a"}, "SetHandler")
		if got := settings[len(settings)-1].Word(0); got != want {
			t.Errorf("httpd %q uses the handler %s, want %s", version, got, want)
		}
	}
}
