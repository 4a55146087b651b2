package installer

import (
	"errors"
	"fmt"
	"regexp"
	"runtime"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// holdsFor evaluates a marker of PEP 508, such as
// python_version < "3.13" and sys_platform == "linux", for a Python.
func holdsFor(marker string, python *detect.Python) (bool, error) {
	m := &markerReader{words: markerWord().FindAllString(marker, -1), values: markerValues(python)}
	holds, err := m.or()
	if err == nil && len(m.words) > 0 {
		err = fmt.Errorf("%q is too much", m.words[0])
	}
	if err != nil {
		return false, fmt.Errorf("marker %q: %w", strings.TrimSpace(marker), err)
	}
	return holds, nil
}

var markerWord = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`"[^"]*"|'[^']*'|[()]|[<>=!~]+|not\s+in\b|[A-Za-z_][\w.]*|\S`)
})

// markerValues are what PEP 508's variables are here.
func markerValues(python *detect.Python) map[string]string {
	systems := map[string]string{"linux": "Linux", "darwin": "Darwin", "freebsd": "FreeBSD"}
	machines := map[string]string{"amd64": "x86_64", "arm64": "aarch64"}
	if runtime.GOOS == "darwin" {
		machines["arm64"] = "arm64"
	}
	return map[string]string{
		"python_version": python.MinorVersion(), "python_full_version": strings.TrimSuffix(python.Version, "+"),
		"implementation_name": python.Implementation, "platform_python_implementation": "CPython", "implementation_version": python.Version,
		"sys_platform": runtime.GOOS, "platform_system": systems[runtime.GOOS], "platform_machine": machines[runtime.GOARCH], "os_name": "posix", "extra": "",
	}
}

type markerReader struct {
	words  []string // not read yet
	values map[string]string
}

func (m *markerReader) next() string {
	if len(m.words) == 0 {
		return ""
	}
	word := m.words[0]
	m.words = m.words[1:]
	return word
}

func (m *markerReader) or() (bool, error) { return m.joined("or", m.and) }

func (m *markerReader) and() (bool, error) { return m.joined("and", m.comparison) }

// joined reads operands with a word between them; both sides are read always.
func (m *markerReader) joined(word string, operand func() (bool, error)) (bool, error) {
	holds, err := operand()
	for err == nil && len(m.words) > 0 && m.words[0] == word {
		m.next()
		var more bool
		more, err = operand()
		if word == "or" {
			holds = holds || more
		} else {
			holds = holds && more
		}
	}
	return holds, err
}

func (m *markerReader) comparison() (bool, error) {
	if len(m.words) > 0 && m.words[0] == "(" {
		m.next()
		holds, err := m.or()
		if err == nil && m.next() != ")" {
			err = errors.New("a parenthesis is not closed")
		}
		return holds, err
	}
	left, err := m.operand()
	if err != nil {
		return false, err
	}
	operator := m.next()
	right, err := m.operand()
	if err != nil {
		return false, err
	}
	return compareMarker(left, operator, right)
}

// operand is the value of a variable, or a text in quotes.
func (m *markerReader) operand() (string, error) {
	word := m.next()
	if len(word) > 1 && strings.ContainsAny(word[:1], `"'`) {
		return word[1 : len(word)-1], nil
	}
	value, known := m.values[word]
	if !known {
		return "", fmt.Errorf("%q is not known here", word)
	}
	return value, nil
}

// compareMarker compares versions where both are, else texts.
func compareMarker(left, operator, right string) (bool, error) {
	switch words := strings.Fields(operator); {
	case operator == "in":
		return strings.Contains(right, left), nil
	case len(words) == 2 && words[0] == "not":
		return !strings.Contains(right, left), nil
	}
	if holds, err := modwsgi.Satisfies(left, operator+right); err == nil {
		return holds, nil
	}
	switch operator {
	case "==", "===":
		return left == right, nil
	case "!=":
		return left != right, nil
	case "<":
		return left < right, nil
	case "<=":
		return left <= right, nil
	case ">":
		return left > right, nil
	case ">=":
		return left >= right, nil
	}
	return false, fmt.Errorf("%q is no comparison", operator)
}
