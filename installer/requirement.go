package installer

import (
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// A bound is what a file of constraints says of mod_wsgi.
type bound struct {
	specifier string   // "<6,!=5.0.1"
	address   string   // of the one archive to take, instead of a specifier
	marker    string   // when it holds; empty is always
	digests   []string // of the archives that may be taken, as "sha256:…"; empty is any
	from      string   // "/srv/constraints.txt:3"
}

// A requirements is what a file in pip's format holds of interest here. See pip's
// documentation, "Requirements File Format".
type requirements struct {
	bounds []bound
	files  []string // further ones that it names, as it names them
}

var (
	nestedFile  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:-[cr]|--constraint|--requirement)[\s=]*(\S.*)$`) })
	requirement = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(.*)$`)
	})
	lineComment  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?:^|\s)#.*$`) })
	lineOptions  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\s--?[a-z].*$`) })
	lineVariable = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\$\{[A-Z0-9_]+\}`) })
)

// readRequirements reads the lines of a file. The values of variables are those
// of getenv.
func readRequirements(text, file string, getenv func(string) string) requirements {
	var found requirements
	var begun []string // of a line that goes on
	start := 0
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if begun == nil {
			start = i + 1
		}
		line, goesOn := strings.CutSuffix(strings.TrimRight(line, "\r"), `\`)
		isComment := strings.HasPrefix(strings.TrimSpace(line), "#") // which ends what goes on
		begun = append(begun, line)
		if goesOn && !isComment && i < len(lines)-1 {
			continue
		}
		whole := withVariables(lineComment().ReplaceAllString(strings.Join(begun, " "), ""), getenv)
		found.add(strings.TrimSpace(whole), fmt.Sprintf("%s:%d", file, start))
		begun = nil
	}
	return found
}

// withVariables has the values of variables that are set.
func withVariables(line string, getenv func(string) string) string {
	return lineVariable().ReplaceAllStringFunc(line, func(name string) string {
		return firstOf(getenv(name[2:len(name)-1]), name)
	})
}

func (r *requirements) add(line, from string) {
	if match := nestedFile().FindStringSubmatch(line); match != nil {
		r.files = append(r.files, strings.Trim(strings.TrimSpace(match[1]), `"'`))
		return
	}
	if b, ok := parseRequirement(line, from); ok {
		r.bounds = append(r.bounds, b)
	}
}

// parseRequirement reads a requirement (PEP 508) if it is one of mod_wsgi.
func parseRequirement(line, from string) (bound, bool) {
	match := requirement().FindStringSubmatch(line)
	if match == nil || separators().ReplaceAllString(strings.ToLower(match[1]), "-") != project {
		return bound{}, false
	}
	rest := lineOptions().ReplaceAllString(match[2], "")
	b := bound{from: from, digests: digestsOf(match[2])}
	if address, ok := strings.CutPrefix(rest, "@"); ok {
		b.address, b.marker, _ = strings.Cut(strings.TrimSpace(address), " ;")
		return b, true
	}
	rest, b.marker, _ = strings.Cut(rest, ";")
	b.specifier = strings.Trim(strings.TrimSpace(rest), "()")
	return b, true
}

// holdsFor reports whether the bound is about a Python.
func (b bound) holdsFor(python *detect.Python) (bool, error) {
	if strings.TrimSpace(b.marker) == "" {
		return true, nil
	}
	holds, err := holdsFor(b.marker, python)
	if err != nil {
		return false, fmt.Errorf("constraint in %s: %w", b.from, err)
	}
	return holds, nil
}

// check refuses a release that the bound does not allow.
func (b bound) check(release modwsgi.Release) error {
	ok, err := release.Satisfies(b.specifier)
	if err != nil {
		return fmt.Errorf("constraint in %s: %w", b.from, err)
	}
	if !ok {
		return fmt.Errorf("mod_wsgi %s is against the constraint mod_wsgi%s in %s", release, b.specifier, b.from)
	}
	return nil
}

// namesPreRelease reports whether the bound names one, with which it asks for them
// (PEP 440, "Handling of pre-releases").
func (b bound) namesPreRelease() bool {
	for clause := range strings.SplitSeq(b.specifier, ",") {
		number := strings.TrimLeft(strings.TrimSpace(clause), "=<>~")
		if release, err := modwsgi.ParseRelease(strings.TrimSpace(number)); err == nil && release.IsPreRelease() {
			return true
		}
	}
	return false
}
