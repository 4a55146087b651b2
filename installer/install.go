package installer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/trust"
)

// A Request says which mod_wsgi to install, for which host, and where from.
type Request struct {
	Host             detect.Host     // with the virtualenv, its Python, and an Apache with its headers
	Release          string          // empty is the newest final one that fits; only one of Release and Source is given
	Source           string          // path or address of an archive, or path of a tree
	SHA256           string          // that an archive must have, in hexadecimal
	IndexURL         string          // simple index; empty is what the settings of pip and uv say
	Offline          bool            // take what is in the cache alone
	NoCache          bool            // build anew, and keep nothing
	Force            bool            // go on with a release that is known not to fit, and place files anew
	Cache            string          // folder of archives and wheels; empty is CacheFolder
	Jobs             int             // compilers at a time; 0 is one per core
	ModulesDirectory string          // folder for a copy of the module, from which Apache loads it; empty is none
	Trusted          trust.Trustees  // whose files may be built with, beside root's own
	Say              func(string)    // is told what a person should know, a sentence at a time
	Progress         func(step Step) // is told of each step of a build; may be nil

	// Placing is called before mod_wsgi is built for a virtualenv that has none, and
	// is root's own, or the caller's; an error prevents it. It may be nil.
	Placing func() error

	// Keeping is told the path of a module that is about to be put into root's
	// folder, which an error prevents; it may be nil.
	Keeping func(path string) error

	// Hold is called before files are placed, and release when they are; an
	// error is a reason not to begin. It may be nil.
	Hold func() (release func(), err error)
}

// A RequestError is about what was asked for, not about how it went.
type RequestError struct{ Err error }

func (e *RequestError) Error() string { return e.Err.Error() }

func (e *RequestError) Unwrap() error { return e.Err }

// Install finds, builds, verifies and places a module. For a virtualenv that
// others can change, root keeps it in a folder of its own: the virtualenv is
// neither written to nor believed.
func Install(ctx context.Context, r Request) (Installed, error) {
	j, err := newInstallation(r)
	if err != nil {
		return Installed{}, err
	}
	if err := j.announce(); err != nil {
		return Installed{}, err
	}
	end, err := j.openScratch(ctx)
	if err != nil {
		return Installed{}, err
	}
	defer end()
	if j.bounds, err = j.findBounds(ctx); err != nil {
		return Installed{}, err
	}
	source, err := j.source(ctx)
	if err == nil {
		err = j.checkDigest(source.Digest)
	}
	if err != nil {
		return Installed{}, err
	}
	builder := j.builder()
	builder.Report, builder.Check = j.Progress, j.checkFit
	wheel, err := builder.Build(ctx, source)
	if err != nil {
		return Installed{}, err
	}
	if j.Hold != nil {
		release, err := j.Hold()
		if err != nil {
			return Installed{}, err
		}
		defer release()
	}
	return j.put(ctx, wheel)
}

// put places or keeps the wheel, without its mod_wsgictl where httpd does not load
// that.
func (j installation) put(ctx context.Context, wheel *Wheel) (Installed, error) {
	put := j.place
	if j.Host.Virtualenv.Foreign() {
		put = j.keep
	}
	installed, err := put(ctx, wheel)
	if refused := (*besideError)(nil); errors.As(err, &refused) {
		wheel = wheel.with(nil, refused)
		installed, err = put(ctx, wheel)
	}
	if err == nil && wheel.missing != nil {
		j.sayWithout(wheel.missing)
	}
	return installed, err
}

// An installation is one run of Install, or of DryRun.
type installation struct {
	Request
	usualCache bool            // it was not named
	scratch    string          // a folder that ends with the run; empty in DryRun
	told       map[string]bool // files that are passed over, each told once
	bounds     []bound         // what the settings allow
	log        string          // file for all messages of a compiler that fails
}

func newInstallation(r Request) (*installation, error) {
	if r.Offline && r.NoCache {
		return nil, &RequestError{errors.New("--offline takes sources from the cache, and --no-cache uses none: leave one of them out")}
	}
	if err := installable(r); err != nil {
		return nil, err
	}
	if r.Cache == "" {
		r.Cache = CacheFolder()
		return &installation{Request: r, usualCache: true, told: map[string]bool{}}, nil
	}
	var err error
	if r.Cache, err = filepath.Abs(r.Cache); err != nil {
		return nil, err
	}
	return &installation{Request: r, told: map[string]bool{}}, checkCache(r.Cache)
}

// announce tells Placing of a virtualenv that is about to get its mod_wsgi.
func (j *installation) announce() error {
	if j.Placing == nil || j.Host.Virtualenv.Foreign() {
		return nil
	}
	held, err := Holds(j.Host.Virtualenv)
	if err != nil || held {
		return err
	}
	return j.Placing()
}

// openScratch makes the cache, and in it the folder that ends with the run: when
// end is called, or when the context is done, since a large tree is read to its
// end whatever the context says. Where there can be no cache, that folder is in
// the virtualenv.
func (j *installation) openScratch(ctx context.Context) (end func(), err error) {
	parent := filepath.Join(j.Cache, "scratch")
	j.log = filepath.Join(j.Cache, "build.log")
	if err := makeCache(j.Cache); err != nil {
		if !j.usualCache || j.Host.Virtualenv.Foreign() {
			return nil, err
		}
		j.warn(fmt.Sprintf("nothing is kept for the next time (%v); name a folder with --cache-dir.", err))
		parent, j.NoCache = j.Host.Virtualenv.Path, true
		j.log = filepath.Join(parent, "wsgictl-build.log")
	}
	s, err := newScratch(ctx, parent)
	if err != nil {
		return nil, err
	}
	j.scratch = s.dir
	if j.NoCache {
		j.Cache = filepath.Join(s.dir, "cache")
	}
	stop := context.AfterFunc(ctx, func() { _ = os.RemoveAll(s.dir) })
	return func() {
		stop()
		s.remove()
	}, nil
}

func (j installation) builder() Builder {
	return Builder{Apache: j.Host.Apache, Python: j.Host.Python, Cache: j.Cache, Jobs: j.Jobs, Trusted: j.Trusted, Log: j.log}
}

// checkFit asks what is known of a release with this Python and Apache.
func (j installation) checkFit(release modwsgi.Release) error {
	notes, err := modwsgi.Fit(release, j.Host.Python.Version, j.Host.Apache.Version)
	err = cmp.Or(j.checkBounds(release), err)
	for _, note := range notes {
		j.say("Note: mod_wsgi %s: %s.", release, note)
	}
	if err == nil {
		return nil
	}
	if j.Force {
		j.say("Warning: %v.", err)
		return nil
	}
	return fmt.Errorf("%w; take another release (--release), or go on all the same (--force)", err)
}

// verify lets httpd load modules where they lie, or beside where they will be: what
// can be loaded from there, nothing else tells. The error is a [*besideError] where
// it loads the mod_wsgi alone.
func (j installation) verify(ctx context.Context) func(module, beside string) error {
	return func(module, beside string) error {
		err := Verify(ctx, j.Host.Apache, module, beside, j.scratch)
		if err == nil || beside == "" {
			return err
		}
		if err := Verify(ctx, j.Host.Apache, module, "", j.scratch); err != nil {
			return err
		}
		return &besideError{err}
	}
}

// place installs the wheel, and the copy of its module before it. Where Apache
// loads a copy, that one is verified.
func (j installation) place(ctx context.Context, wheel *Wheel) (Installed, error) {
	venv, verify := j.Host.Virtualenv, j.verify(ctx)
	copied := ""
	if j.ModulesDirectory != "" {
		var err error
		if copied, err = j.copyModule(ctx, wheel); err != nil {
			return Installed{}, err
		}
		verify = func(string, string) error { return nil }
	}
	if err := j.placeUnlessPlaced(ctx, wheel, verify); err != nil {
		return Installed{}, err
	}
	placed, err := installedIn(*venv)
	placed.Release = wheel.Release
	if copied != "" {
		placed.Module = placed.Module.At(copied)
	}
	return placed, err
}

func (j installation) copyModule(ctx context.Context, wheel *Wheel) (path string, err error) {
	dir, err := filepath.Abs(j.ModulesDirectory)
	if err != nil {
		return "", err
	}
	if err := checkKept(j.Trusted, dir); err != nil {
		return "", err
	}
	path = filepath.Join(dir, wheel.ModuleFile())
	if _, err = j.putModule(ctx, wheel.pair(path), nil); err != nil {
		err = fmt.Errorf("copy the module to %s: %w", dir, err)
	}
	return path, err
}

func (j installation) placeUnlessPlaced(ctx context.Context, wheel *Wheel, verify func(module, beside string) error) error {
	venv := j.Host.Virtualenv
	if !j.Force {
		placed, err := isPlaced(wheel, venv)
		if err != nil {
			return err
		}
		if placed {
			j.say("mod_wsgi %s is installed in %s already.", wheel.Release, venv.Path)
			return wheel.verified(verify, venv.SitePackages)
		}
	}
	if _, err := Place(ctx, wheel, venv, verify); err != nil {
		return err
	}
	j.say("Installed mod_wsgi %s into %s.", wheel.Release, venv.Path)
	return nil
}

func (j installation) say(format string, args ...any) { j.Say(fmt.Sprintf(format, args...)) }
