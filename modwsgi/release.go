package modwsgi

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	pep440 "github.com/aquasecurity/go-pep440-version"
)

// A Release is one published version of mod_wsgi, such as 6.1.1 or 6.1.0rc1, a
// version as PEP 440 has them. The zero Release is unknown: nothing is said of
// what it understands.
type Release struct {
	*parsed
}

type parsed struct {
	version pep440.Version
	// numbers are the epoch and the numbers of the final release that it is, or
	// leads to, without zeros at the end. They are compared for each option of a
	// configuration.
	numbers []int
}

// Newest is the newest release that the tables of this package were checked
// against.
var Newest = MustParseRelease(newest)

const newest = "6.1.1"

// ParseRelease reads a version such as "4.9.4", "6.1" or "6.0.5.dev1".
func ParseRelease(text string) (Release, error) {
	version, err := pep440.Parse(text)
	if err != nil {
		return Release{}, fmt.Errorf("mod_wsgi release %q: want a number such as %s", text, newest)
	}
	epoch, base, ok := strings.Cut(version.BaseVersion(), "!")
	if !ok {
		epoch, base = "0", epoch
	}
	var numbers []int
	for _, digits := range append([]string{epoch}, strings.Split(base, ".")...) {
		number, err := strconv.Atoi(digits)
		if err != nil {
			return Release{}, fmt.Errorf("mod_wsgi release %q: %s is no number that a release has", text, digits)
		}
		numbers = append(numbers, number)
	}
	for numbers[len(numbers)-1] == 0 && len(numbers) > 1 {
		numbers = numbers[:len(numbers)-1]
	}
	return Release{&parsed{version, numbers}}, nil
}

// MustParseRelease is ParseRelease for constants; it panics on a bad number.
func MustParseRelease(text string) Release {
	release, err := ParseRelease(text)
	if err != nil {
		panic(err)
	}
	return release
}

// IsZero reports whether the release is unknown.
func (r Release) IsZero() bool { return r.parsed == nil }

// String gives the version in its normal form, as in file names of Python
// packages, or "unknown".
func (r Release) String() string {
	if r.IsZero() {
		return "unknown"
	}
	return r.version.String()
}

// Series is the part of the number within which nothing is taken away: "6.1"
// of 6.1.1.
func (r Release) Series() string {
	numbers := append(slices.Clone(r.numbers), 0, 0)
	return fmt.Sprintf("%d.%d", numbers[1], numbers[2])
}

// IsOfKnownLine reports whether the first number of r is at most that of Newest.
func (r Release) IsOfKnownLine() bool {
	return slices.Compare(append(slices.Clone(r.numbers), 0)[:2], Newest.numbers[:2]) <= 0
}

// IsPreRelease reports whether r was published to be tried: an alpha, a beta, a
// release candidate, or a development release.
func (r Release) IsPreRelease() bool { return r.version.IsPreRelease() }

// Compare orders releases as pip does: negative when r is older than other. A
// pre-release is older than what it leads to.
func (r Release) Compare(other Release) int { return r.version.Compare(other.version) }

// Is reports whether a text names this release, as "6.1" does 6.1.0.
func (r Release) Is(text string) bool {
	named, err := ParseRelease(text)
	return err == nil && !r.IsZero() && r.Compare(named) == 0
}

// Predates reports whether r is of before the release that brought a change. A
// pre-release has what comes with the release that it leads to.
func (r Release) Predates(change Release) bool { return slices.Compare(r.numbers, change.numbers) < 0 }
