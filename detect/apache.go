package detect

import (
	"context"

	"github.com/wsgictl/wsgictl/httpd/installed"
)

// findHTTPDs lists the httpd programs of the machine, each file once.
func (t tree) findHTTPDs(v *Virtualenv, looked *notebook) []string {
	bundled := ""
	if v != nil {
		bundled = installed.BundledProgram(v.SitePackages)
	}
	return installed.Find(t.Root, bundled, func(path string) bool { return t.mayRun(path, "apache", looked) },
		func(place, found string) { looked.note("apache", place, found) })
}

// readOrAskHTTPD gives what httpd was compiled with.
func (t tree) readOrAskHTTPD(ctx context.Context, path string) (*Apache, error) {
	a, err := installed.Look(ctx, t.Root, path)
	if err != nil {
		return nil, err
	}
	return &Apache{Apache: *a, Loaded: []Loaded{}}, nil
}
