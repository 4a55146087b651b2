package installer

import (
	"context"
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

	// Keeping is told the path of a module that is about to be put into root's
	// folder, which an error prevents; it may be nil.
	Keeping func(path string) error

	// Hold is called before files are placed, and release when they are; an
	// error is a reason not to begin. It may be nil.
	Hold func() (release func(), err error)
}

// Installed is what came of a Request.
type Installed struct {
	Module   detect.Module // the one that Apache is to load
	Release  modwsgi.Release
	LoadFile string // the libpython that Apache must load before it; empty where there is none to load
	Kept     bool   // the module is in root's folder, and not in the virtualenv
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
	defer j.removeTemp(ctx)()
	if err := makeCache(j.Cache); err != nil {
		return Installed{}, err
	}
	source, err := j.source(ctx)
	if err != nil {
		return Installed{}, err
	}
	builder := j.builder()
	builder.Report, builder.Check = j.Progress, j.checkFit
	wheel, err := builder.Build(ctx, source)
	if err != nil {
		return Installed{}, err
	}
	if err := j.verify(ctx, wheel); err != nil {
		return Installed{}, err
	}
	if j.Hold != nil {
		release, err := j.Hold()
		if err != nil {
			return Installed{}, err
		}
		defer release()
	}
	if r.Host.Virtualenv.Foreign() {
		return j.keep(wheel)
	}
	if err := j.place(ctx, wheel); err != nil {
		return Installed{}, err
	}
	return j.installed(wheel)
}

// An installation is one run of Install, or of DryRun.
type installation struct {
	Request
	temp string // a private folder that ends with the run
}

func newInstallation(r Request) (installation, error) {
	if err := installable(r.Host, r.Trusted); err != nil {
		return installation{}, err
	}
	temp, err := privateFolder("wsgictl-install-")
	if err != nil {
		return installation{}, err
	}
	switch {
	case r.NoCache:
		r.Cache = filepath.Join(temp, "cache")
	case r.Cache != "":
		r.Cache, err = filepath.Abs(r.Cache)
	default:
		r.Cache, err = CacheFolder()
	}
	if err == nil {
		err = checkCache(r.Cache)
	}
	if err != nil {
		_ = os.RemoveAll(temp)
		return installation{}, err
	}
	return installation{r, temp}, nil
}

// removeTemp removes the folder at the end, or when the context ends: a large
// tree is read to its end whatever the context says.
func (j installation) removeTemp(ctx context.Context) (end func()) {
	stop := context.AfterFunc(ctx, func() { os.RemoveAll(j.temp) })
	return func() {
		stop()
		os.RemoveAll(j.temp)
	}
}

func (j installation) builder() Builder {
	return Builder{Apache: j.Host.Apache, Python: j.Host.Python, Cache: j.Cache, Jobs: j.Jobs, Trusted: j.Trusted}
}

// checkFit asks what is known of a release with this Python and Apache.
func (j installation) checkFit(release modwsgi.Release) error {
	notes, err := modwsgi.Fit(release, j.Host.Python.Version, j.Host.Apache.Version)
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

// verify lets httpd load the module before anything in the virtualenv changes.
func (j installation) verify(ctx context.Context, wheel *Wheel) error {
	module, err := wheel.ExtractModule(j.temp)
	if err != nil {
		return err
	}
	return Verify(ctx, j.Host.Apache, module)
}

func (j installation) place(ctx context.Context, wheel *Wheel) error {
	if !j.Force {
		installed, err := isPlaced(wheel, j.Host.Virtualenv)
		if err != nil {
			return err
		}
		if installed {
			j.say("mod_wsgi %s is installed in %s already.", wheel.Release, j.Host.Virtualenv.Path)
			return nil
		}
	}
	if _, err := Place(ctx, wheel, j.Host.Virtualenv); err != nil {
		return err
	}
	j.say("Installed mod_wsgi %s into %s.", wheel.Release, j.Host.Virtualenv.Path)
	return nil
}

// installed is the module as it lies there now, or its copy.
func (j installation) installed(wheel *Wheel) (Installed, error) {
	module, err := j.Host.Virtualenv.OwnModule()
	if err != nil {
		return Installed{}, err
	}
	found := Installed{Module: module, Release: wheel.Release, LoadFile: detect.LibpythonToLoad(module, *j.Host.Virtualenv)}
	if j.ModulesDirectory == "" {
		return found, nil
	}
	dir, err := filepath.Abs(j.ModulesDirectory)
	if err != nil {
		return Installed{}, err
	}
	if err := checkKept(j.Trusted, dir); err != nil {
		return Installed{}, err
	}
	found.Module.Path, err = wheel.ExtractModule(dir)
	return found, err
}

func (j installation) say(format string, args ...any) { j.Say(fmt.Sprintf(format, args...)) }
