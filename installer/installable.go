package installer

import (
	"errors"
	"fmt"
	"slices"

	"github.com/wsgictl/wsgictl/detect"
)

// blocking are detect's problems that stand in the way of a build.
var blocking = []string{
	"windows", "no-httpd", "httpd-fails", "apple-httpd", "no-apxs", "apxs-fails", "apxs-of-other-httpd",
	"no-httpd-headers", "no-apr-headers", "no-compiler", "virtualenv-missing", "virtualenv-broken",
	"no-python", "python-fails", "python-not-supported", "no-python-headers", "no-libpython", "libpython-not-linkable",
}

// installable tells, in detect's own words, what stands in the way.
func installable(host detect.Host) error {
	for _, problem := range host.Problems {
		if !slices.Contains(blocking, problem.ID) {
			continue
		}
		err := fmt.Errorf("%s: %s; to fix it: %s", problem.Cause, problem.Consequence, problem.Remedy)
		if problem.ID == "virtualenv-missing" {
			return &RequestError{err}
		}
		return err
	}
	switch {
	case host.Virtualenv == nil:
		return errors.New("no virtualenv to install into")
	case !host.Virtualenv.Writable:
		return fmt.Errorf("%s is not writable: run wsgictl as the owner of the virtualenv", host.Virtualenv.SitePackages)
	}
	return nil
}
