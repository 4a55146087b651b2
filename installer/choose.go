package installer

import (
	"errors"
	"fmt"
	"slices"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// Newest gives the newest archive that fits this Python and Apache and has not
// been yanked. As with pip, a pre-release is taken where the settings ask for
// those, or where no other fits.
func Newest(archives []Archive, python *detect.Python, apache *detect.Apache, preReleases bool) (Archive, error) {
	fresh := slices.DeleteFunc(slices.Clone(archives), func(a Archive) bool { return a.Yanked })
	slices.SortStableFunc(fresh, func(a, b Archive) int { return b.Release.Compare(a.Release) })
	var misfit error // of the newest
	var tried []Archive
	for _, archive := range fresh {
		err := archive.fits(python, apache)
		switch {
		case err == nil && (preReleases || !archive.Release.IsPreRelease()):
			return archive, nil
		case err == nil:
			tried = append(tried, archive)
		case misfit == nil:
			misfit = err
		}
	}
	switch {
	case len(tried) > 0:
		return tried[0], nil
	case misfit != nil:
		return Archive{}, fmt.Errorf("no release fits; the newest: %w", misfit)
	}
	if len(archives) == 0 {
		return Archive{}, errors.New("no release to choose from")
	}
	return Archive{}, errors.New("no release to choose from: all that there are have been yanked")
}

// Find gives the archive of one release. One that has been yanked is given
// too: who names a release exactly, gets it (PEP 592).
func Find(archives []Archive, release modwsgi.Release) (Archive, error) {
	var newest Archive
	for _, archive := range archives {
		if archive.Release.Compare(release) == 0 {
			return archive, nil
		}
		if newest.Release.IsZero() || newest.Release.Compare(archive.Release) < 0 {
			newest = archive
		}
	}
	if newest.Release.IsZero() {
		return Archive{}, fmt.Errorf("no source archive of mod_wsgi %s", release)
	}
	return Archive{}, fmt.Errorf("no source archive of mod_wsgi %s; the newest there is %s", release, newest.Release)
}

// fits asks the index's own requirement first, then what is known of releases.
func (a Archive) fits(python *detect.Python, apache *detect.Apache) error {
	ok, err := modwsgi.Satisfies(python.Version, a.RequiresPython)
	if err != nil {
		return fmt.Errorf("mod_wsgi %s: %w", a.Release, err)
	}
	if !ok {
		return fmt.Errorf("mod_wsgi %s requires Python %s, this is %s", a.Release, a.RequiresPython, python.Version)
	}
	_, err = modwsgi.Fit(a.Release, python.Version, apache.Version)
	return err
}
