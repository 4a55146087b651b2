package detect

import (
	version "github.com/hashicorp/go-version"
)

// seriesNeed is what a series of mod_wsgi needs: python_requires and the
// classifiers of its setup.py, the guards of its C source.
type seriesNeed struct {
	series       string
	python       version.Constraints
	freeThreaded version.Constraints // of a --disable-gil build; nil where none works
	apache       version.Constraints
}

func constraint(text string) version.Constraints {
	return version.MustConstraints(version.NewConstraint(text))
}

var seriesNeeds = []seriesNeed{
	{"6.1", constraint(">= 3.10"), constraint(">= 3.13"), constraint(">= 2.4")},
	{"6.0", constraint(">= 3.10"), constraint(">= 3.13"), constraint(">= 2.4")},
	{"5.0", constraint(">= 3.8, < 3.14"), nil, constraint(">= 2.4")},
	{"4.9", constraint(">= 2.6, != 3.0, < 3.12"), nil, constraint(">= 2.4")},
}

// fittingSeries lists the series of mod_wsgi that can be built for a Python
// and an Apache, newest first. Without an Apache, the Python alone decides.
func fittingSeries(p *Python, a *Apache) []string {
	fitting := []string{}
	if p == nil || p.Implementation != "cpython" {
		return fitting
	}
	python, err := version.NewVersion(p.MinorVersion())
	if err != nil {
		return fitting
	}
	for _, need := range seriesNeeds {
		pythons := need.python
		if p.FreeThreaded {
			pythons = need.freeThreaded
		}
		if pythons == nil || !pythons.Check(python) {
			continue
		}
		if a != nil {
			if apache, err := version.NewVersion(a.Version); err == nil && !need.apache.Check(apache) {
				continue
			}
		}
		fitting = append(fitting, need.series)
	}
	return fitting
}
