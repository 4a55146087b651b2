package installer

import (
	"fmt"
	"strings"

	"github.com/hashicorp/go-version"
)

// satisfies reports whether a Python version is one that a Requires-Python
// value allows: comma-separated clauses as ">=3.8", "!=3.9.*", "~=3.10"
// (PEP 440). An empty value allows all.
func satisfies(python, specifier string) (bool, error) {
	v, err := version.NewVersion(python)
	if err != nil {
		return false, fmt.Errorf("version of Python %q: %w", python, err)
	}
	for clause := range strings.SplitSeq(specifier, ",") {
		clause = strings.TrimSpace(clause)
		if clause == "" {
			continue
		}
		ok, err := satisfiesClause(v.Core(), clause)
		if err != nil {
			return false, fmt.Errorf("requires-python %q: %w", specifier, err)
		}
		if !ok {
			return false, nil
		}
	}
	return true, nil
}

// operators are PEP 440's, those with two more characters first.
var operators = []string{"===", "~=", "==", "!=", "<=", ">=", "<", ">"}

func satisfiesClause(v *version.Version, clause string) (bool, error) {
	for _, operator := range operators {
		number, ok := strings.CutPrefix(clause, operator)
		if !ok {
			continue
		}
		number = strings.TrimSpace(number)
		if prefix, ok := strings.CutSuffix(number, ".*"); ok {
			return matchesPrefix(v, operator, prefix)
		}
		other, err := version.NewVersion(number)
		if err != nil {
			return false, err
		}
		return compare(v, operator, other), nil
	}
	return false, fmt.Errorf("%q begins with no operator", clause)
}

func compare(v *version.Version, operator string, other *version.Version) bool {
	c := v.Compare(other)
	switch operator {
	case "~=":
		// ~=3.10 is >=3.10 and ==3.*
		segments := strings.Split(other.Original(), ".")
		return c >= 0 && len(segments) > 1 && hasPrefix(v, strings.Join(segments[:len(segments)-1], "."))
	case "!=":
		return c != 0
	case "<=":
		return c <= 0
	case ">=":
		return c >= 0
	case "<":
		return c < 0
	case ">":
		return c > 0
	}
	return c == 0
}

func matchesPrefix(v *version.Version, operator, prefix string) (bool, error) {
	switch operator {
	case "==":
		return hasPrefix(v, prefix), nil
	case "!=":
		return !hasPrefix(v, prefix), nil
	}
	return false, fmt.Errorf("%s does not go with %s.*", operator, prefix)
}

func hasPrefix(v *version.Version, prefix string) bool {
	return strings.HasPrefix(v.String()+".", prefix+".")
}
