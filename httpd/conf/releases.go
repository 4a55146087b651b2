package conf

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/expr"
)

// Releases are the releases of httpd 2.4 that have something in a certain form.
// The zero value is all of them.
type Releases struct {
	First, Last int // of 2.4.x; Last 0 is none: those to come have it too
	// Backported says that distributions have it before First as well: it came
	// with the fix of a vulnerability, or they took a newer module as a whole.
	// Without First it is of a distribution alone.
	Backported bool
}

// unknownRelease stands for a release that is not known, or not one of 2.4.
const unknownRelease = -1

// releaseOf is the last number of a release of httpd 2.4: 68 of "2.4.68".
func releaseOf(version string) int {
	digits, isSeries := strings.CutPrefix(version, "2.4.")
	digits, _, _ = strings.Cut(digits, "-") // "2.4.68-dev"
	number, err := strconv.Atoi(digits)
	if !isSeries || err != nil || number < 0 {
		return unknownRelease
	}
	return number
}

// IsRelease tells whether version is a release of httpd 2.4: "2.4.68".
func IsRelease(version string) bool { return releaseOf(version) != unknownRelease }

// have tells whether a release is among them.
func (r Releases) have(release int) expr.Truth {
	switch {
	case r == Releases{}:
		return expr.True
	case release == unknownRelease, r.Backported && (release < r.First || r.First == 0):
		return expr.Unknown
	}
	return expr.TruthOf(release >= r.First && (r.Last == 0 || release <= r.Last))
}

// ReleaseAtLeast tells whether the httpd that the configuration is read for is
// 2.4.number or later; Unknown where the options do not tell its release.
func (c *Config) ReleaseAtLeast(number int) expr.Truth {
	return Releases{First: number}.have(c.release)
}

// through are the releases from the first of these to the last of newer.
func (r Releases) through(newer Releases) Releases {
	return Releases{First: r.First, Last: newer.Last, Backported: r.Backported}
}

// parseReleases reads "2.4.17-", "-2.4.54" or "2.4.19-2.4.29", with "~" before
// it for Backported, which may stand alone.
func parseReleases(text string) (r Releases, err error) {
	if text, r.Backported = strings.CutPrefix(text, "~"); r.Backported && text == "" {
		return r, nil
	}
	first, last, isRange := strings.Cut(text, "-")
	if !isRange || first == "" && last == "" {
		return r, fmt.Errorf("releases %q: want 2.4.17-, -2.4.54 or 2.4.19-2.4.29", text)
	}
	for _, end := range []struct {
		text   string
		number *int
	}{{first, &r.First}, {last, &r.Last}} {
		if end.text == "" {
			continue
		}
		if *end.number = releaseOf(end.text); *end.number == unknownRelease {
			return r, fmt.Errorf("releases %q: %q is no release of httpd 2.4", text, end.text)
		}
	}
	return r, nil
}
