package installer

import (
	"errors"
	"fmt"
	"slices"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/trust"
)

// blocking are detect's problems that stand in the way of a build.
var blocking = []string{
	"windows", "no-httpd", "httpd-fails", "apple-httpd", "no-apxs", "apxs-fails", "apxs-of-other-httpd",
	"no-httpd-headers", "no-apr-headers", "no-compiler", "virtualenv-missing", "virtualenv-broken", "virtualenv-noexec",
	"no-python", "python-fails", "python-not-supported", "no-python-headers", "no-libpython", "libpython-not-linkable",
}

// installable tells, in detect's own words, what stands in the way, and to root
// which part of what is built with others can change than those who are trusted.
func installable(r Request) error {
	host, trusted := r.Host, r.Trusted
	loadedElsewhere := r.ModulesDirectory != "" || host.Virtualenv != nil && host.Virtualenv.Foreign()
	for _, problem := range host.Problems {
		if !slices.Contains(blocking, problem.ID) || problem.ID == "virtualenv-noexec" && loadedElsewhere {
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
	if err := detect.CheckBasePython(*host.Python, host.Virtualenv, trusted); err != nil {
		return err
	}
	err := host.Apache.CheckTrusted(trusted)
	if untrusted := (*trust.Untrusted)(nil); errors.As(err, &untrusted) {
		return fmt.Errorf("httpd %s: %s, and root builds with it and starts it to check the module: name one that root alone can change (--httpd, --apxs)%s",
			host.Apache.Path, untrusted.Where(), trust.AtOwnRisk(untrusted))
	}
	return err
}
