package installer

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/wsgictl/wsgictl/detect"
)

// What uv 0.13 takes for a bound in time. Its days end with the day, pip's begin.
func TestCutoff(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("there", 2*60*60)
	now := time.Date(2026, 6, 10, 12, 0, 0, 0, zone)
	for text, want := range map[string]string{
		"2024-06-01T00:00:00Z":      "2024-06-01T02:00:00+02:00",
		"2024-06-01T00:00:00+02:00": "2024-06-01T00:00:00+02:00",
		"2024-06-01":                "2024-06-02T00:00:00+02:00",
		"2024-06-01 10:00:00":       "2024-06-01T10:00:00+02:00",
		"7 days":                    "2026-06-03T12:00:00+02:00",
		"1 week":                    "2026-06-03T12:00:00+02:00",
		"1 week, 2 hours ago":       "2026-06-03T10:00:00+02:00",
		"24h":                       "2026-06-09T12:00:00+02:00",
		"P1WT30M":                   "2026-06-03T11:30:00+02:00",
		"p3d":                       "2026-06-07T12:00:00+02:00",
	} {
		got, err := cutoff(text, now, 24*time.Hour)
		if err != nil || got.In(zone).Format(time.RFC3339) != want {
			t.Errorf("%s: %v, %v; want %s", text, got.In(zone), err, want)
		}
	}
	for _, text := range []string{"soon", "", "P", "7", "2024-13-01", "7 moons", "ago"} {
		if got, err := cutoff(text, now, 0); err == nil {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestRestrictionsOfSettings(t *testing.T) {
	t.Parallel()
	const day = "2024-06-01T00:00:00Z"
	for name, test := range map[string]struct {
		kind      string // of the virtualenv
		project   string // pyproject.toml
		variables map[string]string
		before    string // in the year; empty is no bound
		noSource  string // in the name of the setting
	}{
		"none":                             {kind: "uv"},
		"a time":                           {kind: "uv", project: "[tool.uv]\nexclude-newer = '" + day + "'\n", before: "2024"},
		"a variable before the file":       {kind: "uv", project: "[tool.uv]\nexclude-newer = '" + day + "'\n", variables: map[string]string{"UV_EXCLUDE_NEWER": "2023-01-01T00:00:00Z"}, before: "2023"},
		"of uv pip":                        {kind: "uv", project: "[tool.uv]\nexclude-newer = '" + day + "'\n[tool.uv.pip]\nexclude-newer = '2022-01-01T00:00:00Z'\n", before: "2022"},
		"of mod_wsgi alone":                {kind: "uv", project: "[tool.uv]\nexclude-newer = '" + day + "'\n[tool.uv.exclude-newer-package]\nMod_WSGI = '2025-01-01T00:00:00Z'\n", before: "2025"},
		"not of mod_wsgi":                  {kind: "uv", project: "[tool.uv]\nexclude-newer = '" + day + "'\nexclude-newer-package = {mod-wsgi = false}\n"},
		"of mod_wsgi by a variable":        {kind: "uv", variables: map[string]string{"UV_EXCLUDE_NEWER_PACKAGE": "x=2001-01-01T00:00:00Z,mod-wsgi=" + day}, before: "2024"},
		"in a virtualenv of others":        {kind: "venv", project: "[tool.uv]\nexclude-newer = '" + day + "'\n", before: "2024"},
		"pip's":                            {kind: "venv", variables: map[string]string{"PIP_UPLOADED_PRIOR_TO": day}, before: "2024"},
		"the earlier of both":              {kind: "venv", project: "[tool.uv]\nexclude-newer = '" + day + "'\n", variables: map[string]string{"PIP_UPLOADED_PRIOR_TO": "2023-01-01T00:00:00Z"}, before: "2023"},
		"no build":                         {kind: "uv", variables: map[string]string{"UV_NO_BUILD": "1"}, noSource: "UV_NO_BUILD"},
		"no build of mod_wsgi":             {kind: "uv", project: "[tool.uv]\nno-build-package = ['mod_wsgi']\n", noSource: "no-build in"},
		"no build of others":               {kind: "uv", project: "[tool.uv]\nno-build-package = ['x']\n"},
		"only binary for uv pip":           {kind: "uv", project: "[tool.uv.pip]\nonly-binary = [':all:']\n", noSource: "only-binary in"},
		"only binary, which uv ignores":    {kind: "uv", project: "[tool.uv]\nno-index = true\nfind-links = ['x']\n", variables: map[string]string{"PIP_ONLY_BINARY": ":all:"}},
		"only binary":                      {kind: "venv", variables: map[string]string{"PIP_ONLY_BINARY": "x,mod.wsgi"}, noSource: "PIP_ONLY_BINARY"},
		"only binary, taken back":          {kind: "venv", variables: map[string]string{"PIP_ONLY_BINARY": ":all:,:none:"}},
		"only binary, but for mod_wsgi":    {kind: "venv", variables: map[string]string{"PIP_ONLY_BINARY": ":all:", "PIP_NO_BINARY": "mod-wsgi"}},
		"only binary of it and no binary":  {kind: "venv", variables: map[string]string{"PIP_ONLY_BINARY": "mod-wsgi", "PIP_NO_BINARY": ":all:"}, noSource: "PIP_ONLY_BINARY"},
		"no binary at all, which is ours":  {kind: "venv", variables: map[string]string{"PIP_NO_BINARY": ":all:"}},
		"only binary beside uv's settings": {kind: "venv", project: "[tool.uv]\nno-index = true\n", variables: map[string]string{"PIP_ONLY_BINARY": ":all:"}, noSource: "PIP_ONLY_BINARY"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := madeUp(t, map[string]string{"project/pyproject.toml": "[project]\nname = 'x'\n" + test.project}, test.variables)
			got, err := s.restrictions(&detect.Virtualenv{Kind: test.kind}, time.Now())
			if err != nil {
				t.Fatal(err)
			}
			if before := got.before.Format("2006"); got.before.IsZero() != (test.before == "") || test.before != "" && before != test.before {
				t.Errorf("before %v (%s), want %s", got.before, got.beforeFrom, test.before)
			}
			if !strings.Contains(got.noSource, test.noSource) || (got.noSource == "") != (test.noSource == "") || (got.check() == nil) != (test.noSource == "") {
				t.Errorf("no source: %q, want %q", got.noSource, test.noSource)
			}
		})
	}
}

// TestTooNewArchivesAreLeftOut, and those of an index that does not tell; a folder
// of find-links never tells.
func TestTooNewArchivesAreLeftOut(t *testing.T) {
	t.Parallel()
	index := &fakeIndex{files: []offered{
		{name: "mod_wsgi-5.0.2.tar.gz", uploaded: "2024-05-31T23:59:59.5Z"},
		{name: "mod_wsgi-6.0.0.tar.gz", uploaded: "2024-06-01T00:00:00Z"},
		{name: "mod_wsgi-6.1.1.tar.gz"},
	}}
	s := madeUp(t, map[string]string{"links/mod_wsgi-6.1.2.tar.gz": ""}, nil)
	links := s.at("/links")
	x := openTestIndex(t, s, IndexSettings{Indexes: []string{index.serve(t)}, FindLinks: []string{links}})
	archives, err := x.Archives(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	r := restrictions{before: time.Date(2024, 6, 1, 0, 0, 0, 0, time.UTC)}
	var names []string
	for _, archive := range r.old(archives, x.settings.FindLinks) {
		names = append(names, archive.Name)
	}
	if got := strings.Join(names, " "); got != "mod_wsgi-6.1.2.tar.gz mod_wsgi-5.0.2.tar.gz" {
		t.Error(got)
	}
	if all := (restrictions{}).old(archives, nil); len(all) != len(archives) {
		t.Errorf("without a bound: %d of %d", len(all), len(archives))
	}
}
