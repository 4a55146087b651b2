package modwsgi

import (
	"fmt"

	"github.com/hashicorp/go-version"
)

// A Release is one published version of mod_wsgi, such as 6.1.1. The zero
// Release is unknown: nothing is said of what it understands.
type Release struct {
	version *version.Version
}

// Newest is the newest release that the tables of this package were checked
// against.
var Newest = MustParseRelease("6.1.1")

// ParseRelease reads a release number such as "4.9.4" or "6.1".
func ParseRelease(text string) (Release, error) {
	v, err := version.NewVersion(text)
	if err != nil {
		return Release{}, fmt.Errorf("mod_wsgi release %q: want a number such as %s", text, Newest)
	}
	return Release{v}, nil
}

// MustParseRelease is ParseRelease for constants; it panics on a bad number.
func MustParseRelease(text string) Release {
	return Release{version.Must(version.NewVersion(text))}
}

// IsZero reports whether the release is unknown.
func (r Release) IsZero() bool { return r.version == nil }

// String gives the number as it was written, or "unknown".
func (r Release) String() string {
	if r.IsZero() {
		return "unknown"
	}
	return r.version.Original()
}

// Series is the part of the number within which nothing is taken away: "6.1"
// of 6.1.1.
func (r Release) Series() string {
	segments := r.version.Segments()
	return fmt.Sprintf("%d.%d", segments[0], segments[1])
}

// Compare orders releases: negative when r is older than other.
func (r Release) Compare(other Release) int { return r.version.Compare(other.version) }

// Before reports whether r is older than other.
func (r Release) Before(other Release) bool { return r.Compare(other) < 0 }
