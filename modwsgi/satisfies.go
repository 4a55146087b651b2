package modwsgi

import (
	"fmt"
	"strings"

	pep440 "github.com/aquasecurity/go-pep440-version"
)

// Satisfies reports whether a version, of Python or another program, is one that
// a specifier of PEP 440 allows: clauses as ">=3.8", "!=3.9.*", "~=3.10" with
// commas between them. An empty specifier allows all. A pre-release counts as the
// release that it leads to.
func Satisfies(version, specifier string) (bool, error) {
	parsed, err := pep440.Parse(strings.TrimSuffix(version, "+")) // 3.14.0+ is what a checkout of Python calls itself
	if err == nil {
		parsed, err = pep440.Parse(parsed.BaseVersion())
	}
	if err != nil {
		return false, fmt.Errorf("version %q: want numbers such as 3.11.7", version)
	}
	return allows(specifier, parsed)
}

// Satisfies reports whether a specifier of PEP 440 allows the release. Here a
// pre-release is what it is: "<6.1" does not allow 6.1rc1.
func (r Release) Satisfies(specifier string) (bool, error) { return allows(specifier, r.version) }

func allows(specifier string, version pep440.Version) (bool, error) {
	for clause := range strings.SplitSeq(specifier, ",") {
		clause = strings.TrimSpace(clause)
		if clause == "" {
			continue
		}
		wanted, err := pep440.NewSpecifiers(clause)
		if err != nil || !strings.ContainsAny(clause[:1], "=!<>~") || strings.Contains(clause, "|") {
			return false, fmt.Errorf("specifier %q: want an operator and a version, as in >=3.8", clause)
		}
		if !wanted.Check(version) {
			return false, nil
		}
	}
	return true, nil
}
