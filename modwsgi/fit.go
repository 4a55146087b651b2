package modwsgi

import (
	"fmt"
	"strings"
)

// A fitRule is one thing known of the releases, Pythons and Apaches that match
// its constraints; an empty constraint matches all.
type fitRule struct {
	releases, python, apache string
	broken                   bool // it cannot be built or does not run; else it is merely worth knowing
	says                     string
}

// fitRules come from the guards in wsgi_python.h and wsgi_apache.h, from
// python_requires and the classifiers of setup.py, from the release notes, and
// from trying: the sources of 4.9.4 compile with 2.7 and 3.6 to 3.13 and serve
// under 3.8, 3.12 and 3.13, those of 5.0.2 with 3.8 to 3.13 and under the same,
// those of 6.1.1 with 3.10 to 3.13.
var fitRules = []fitRule{
	{releases: ">= 6.0", python: "< 3.10", broken: true, says: "mod_wsgi 6 needs Python 3.10 or later"},
	{releases: ">= 5.0, < 6.0", python: "< 3.8", broken: true, says: "mod_wsgi 5 needs Python 3.8 or later"},
	{releases: "< 5.0", python: "< 2.6", broken: true, says: "mod_wsgi 4 needs Python 2.6 or later"},
	{releases: "< 4.6.6", python: ">= 3.8", broken: true, says: "mod_wsgi compiles with Python 3.8 from 4.6.6 on"},
	{releases: ">= 6.0", apache: "< 2.4", broken: true, says: "mod_wsgi 6 needs Apache 2.4"},
	{releases: ">= 4.9, < 5.0", apache: "< 2.4", broken: true, says: "mod_wsgi 4.9 does not compile with Apache 2.2"},

	{releases: "< 5.0", python: ">= 3.12", says: "pip cannot build it, because its setup.py imports distutils, which Python 3.12 dropped; the module itself compiles and serves"},
	{releases: "< 5.0.2", python: ">= 3.13", says: "processes that end log \"log object has expired\", which is harmless"},
	{releases: "< 6.0", python: ">= 3.14", says: "not known to work: the last Python tried with it is 3.13"},
	{releases: ">= 6.0, < 6.1", python: ">= 3.15", says: "not known to work: the last Python declared for it is 3.14"},
	{releases: ">= 6.1", python: ">= 3.16", says: "not known to work: the last Python declared for it is 3.15"},
	{releases: "< 4.9.4", apache: ">= 2.4.54", says: "crashes where Apache limits request bodies, which 4.9.4 fixed"},
	{releases: "< 4.9.3", says: "lets clients set headers that only trusted proxies may (CVE-2022-2255)"},
	{releases: ">= 6.0.0, < 6.0.5", says: "can cut request bodies short with WSGIScriptReloading Off and no queue-timeout, which 6.0.5 fixed"},
	{releases: ">= 6.0.0, < 6.1.1", says: "request threads share memory pools of Apache that only one thread may use, so that a busy daemon can crash, which 6.1.1 fixed"},
}

// A FitError says why a release cannot be built for a Python and an Apache.
type FitError struct {
	Release Release
	Reasons []string
}

// Error lists the reasons.
func (e *FitError) Error() string {
	return fmt.Sprintf("mod_wsgi %s does not fit: %s", e.Release, strings.Join(e.Reasons, "; "))
}

// Fit tells whether a release can be built for, and run under, a Python and an
// Apache, such as "3.11.7" and "2.4.71"; one left empty is not asked about. The
// error is a *FitError when it cannot. Notes are what is worth knowing when it
// can.
func Fit(r Release, python, apache string) (notes []string, err error) {
	misfit := &FitError{Release: r}
	for _, rule := range fitRules {
		matches, err := rule.matches(r, python, apache)
		switch {
		case err != nil:
			return nil, err
		case matches && rule.broken:
			misfit.Reasons = append(misfit.Reasons, rule.says)
		case matches:
			notes = append(notes, rule.says)
		}
	}
	if len(misfit.Reasons) > 0 {
		return nil, misfit
	}
	return notes, nil
}

func (rule fitRule) matches(r Release, python, apache string) (bool, error) {
	for _, pair := range []struct{ constraint, of, number string }{
		{rule.releases, "mod_wsgi", r.String()},
		{rule.python, "Python", python},
		{rule.apache, "Apache", apache},
	} {
		if pair.constraint == "" {
			continue
		}
		if pair.number == "" {
			return false, nil
		}
		ok, err := Satisfies(pair.number, pair.constraint)
		if err != nil {
			return false, fmt.Errorf("%s: %w", pair.of, err)
		}
		if !ok {
			return false, nil
		}
	}
	return true, nil
}
