package detect

import "github.com/wsgictl/wsgictl/modwsgi"

// seriesReleases is the last release of each series, newest first.
var seriesReleases = []modwsgi.Release{
	modwsgi.Newest,
	modwsgi.MustParseRelease("6.0.6"),
	modwsgi.MustParseRelease("5.0.2"),
	modwsgi.MustParseRelease("4.9.4"),
}

// freeThreading is the first release that knows free-threaded builds.
var freeThreading = modwsgi.MustParseRelease("6.0")

// fittingSeries lists the series of mod_wsgi that can be built for a Python
// and an Apache, newest first. Without an Apache, the Python alone decides.
func fittingSeries(p *Python, a *Apache) []string {
	fitting := []string{}
	if p == nil || p.Implementation != "cpython" {
		return fitting
	}
	apache := ""
	if a != nil {
		apache = a.Version
	}
	for _, release := range seriesReleases {
		if p.FreeThreaded && release.Predates(freeThreading) {
			continue
		}
		if _, err := modwsgi.Fit(release, p.Version, apache); err == nil {
			fitting = append(fitting, release.Series())
		}
	}
	return fitting
}
