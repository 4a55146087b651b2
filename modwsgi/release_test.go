package modwsgi

import (
	"encoding/json"
	"os/exec"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/wsgictl/wsgictl/needtest"
)

// versions are in the order of PEP 440, oldest first.
var versions = []string{
	"4.9.4", "5.0.0.dev1", "5.0.0a1", "5.0.0b2.dev3", "5.0.0b2", "5.0.0rc1", "5.0.0", "5.0.0.post1.dev2", "5.0.0.post1",
	"5.0.1rc1", "5.0.1", "5.0.2", "6.0.5.dev1", "6.0.5", "6.0.5+debian1", "6.1.0rc1", "6.1.0rc2", "6.1.0", "6.1.1", "1!1.0",
}

func TestReleasesAreOrderedAsPythonPackages(t *testing.T) {
	t.Parallel()
	var releases []Release
	for _, version := range slices.Backward(versions) {
		releases = append(releases, MustParseRelease(version))
	}
	slices.SortFunc(releases, Release.Compare)
	var got []string
	for _, release := range releases {
		got = append(got, release.String())
	}
	if diff := cmp.Diff(versions, got); diff != "" {
		t.Error(diff)
	}
}

// TestReleasesAreThoseOfPackaging holds order, normal form and pre-releases
// against what pip itself goes by.
func TestReleasesAreThoseOfPackaging(t *testing.T) {
	t.Parallel()
	written := append(slices.Clone(versions), "6.1.0-rc.1", "6.1.0RC1", "6.1", "v6.1.1", "6.0.5-dev", "5.0-1", "4.9.4.0")
	words, err := json.Marshal(written)
	if err != nil {
		t.Fatal(err)
	}
	const program = `import json, sys
from pip._vendor.packaging.version import Version
written = [Version(text) for text in json.loads(sys.argv[1])]
print(json.dumps([[str(v), v.is_prerelease, [(v > w) - (v < w) for w in written]] for v in written]))`
	out, err := exec.Command("python3", "-c", program, string(words)).Output()
	if err != nil {
		needtest.Missing(t, "no pip here: %v", err)
	}
	var theirs [][]any
	if err := json.Unmarshal(out, &theirs); err != nil {
		t.Fatal(err)
	}
	for i, text := range written {
		release := MustParseRelease(text)
		order := []any{}
		for _, other := range written {
			order = append(order, float64(release.Compare(MustParseRelease(other))))
		}
		if diff := cmp.Diff(theirs[i], []any{release.String(), release.IsPreRelease(), order}); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}

func TestPreReleaseHasWhatItsReleaseBrings(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		release, change string
		predates        bool
	}{
		{"6.1.0rc1", "6.1.0", false}, {"6.0.5.dev1", "6.0.5", false}, {"6.0.5.dev1", "6.1", true}, {"6.0.4", "6.0.5", true}, {"6.1.1.post1", "6.1.1", false},
	} {
		if got := MustParseRelease(test.release).Predates(MustParseRelease(test.change)); got != test.predates {
			t.Errorf("%s predates %s: %v", test.release, test.change, got)
		}
	}
	for release, series := range map[string]string{"6.1.0rc1": "6.1", "6": "6.0", "5.0.2": "5.0"} {
		if got := MustParseRelease(release).Series(); got != series {
			t.Errorf("%s is of series %s", release, got)
		}
	}
}

func TestWhatIsNoReleaseIsRefused(t *testing.T) {
	t.Parallel()
	if release := MustParseRelease("6.1.0"); !release.Is("6.1") || release.Is("6.1.0rc1") || release.Is("six") || (Release{}).Is("6.1") {
		t.Error("a release is named by what it equals")
	}
	for _, text := range []string{"", "six", "6.x", "6.1.1-docs", "6..1", "6.1.1;"} {
		if _, err := ParseRelease(text); err == nil {
			t.Errorf("%q: no error", text)
		}
	}
}

func TestReleaseSatisfiesSpecifiers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		release, specifier string
		want               bool
	}{
		{"6.1.0rc1", "<6.1", false}, {"6.1.0rc1", ">=6.0", true}, {"6.1.0rc1", "==6.1.0rc1", true}, {"6.1.0rc1", "==6.1.0", false},
		{"5.0.2", "<6,!=5.0.1", true}, {"5.0.2", "==5.*", true}, {"5.0.2", "===5.0.2", true}, {"5.0.2", "~=5.0.0", true}, {"5.1", "~=5.0.0", false},
	} {
		if got, err := MustParseRelease(test.release).Satisfies(test.specifier); got != test.want || err != nil {
			t.Errorf("%s and %s: %v, %v", test.release, test.specifier, got, err)
		}
	}
}
