package installer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/trust"
)

// A Builder makes wheels of mod_wsgi for one Apache and one Python.
type Builder struct {
	Apache  *detect.Apache // with Headers
	Python  *detect.Python
	Cache   string                      // folder of finished wheels; made when it is not there
	Jobs    int                         // compilers at a time; 0 is one per core
	Trusted trust.Trustees              // whose headers, libraries and sources may be built with; the zero value is root's alone
	Getenv  func(string) string         // for CC, CFLAGS, CPPFLAGS, LDFLAGS; nil is os.Getenv
	Log     string                      // file that all messages of a compiler that fails go to; empty is one in Cache
	Check   func(modwsgi.Release) error // may refuse a release before it is compiled; may be nil
	Report  func(Step)                  // told of each step as it ends, from several goroutines; may be nil
}

// A Step is one step of a build that is done.
type Step struct {
	What  string // "compile src/server/wsgi_daemon.c"
	Done  int    // steps that are done, this one too
	Total int
}

// Build gives the wheel of source: the cached one, or a new one, and in it the
// mod_wsgictl of this wsgictl, where that can be built.
func (b *Builder) Build(ctx context.Context, source Source) (*Wheel, error) {
	r, err := b.recipe(ctx, source.Digest)
	if err != nil {
		return nil, err
	}
	wheel, err := b.wheel(ctx, r, source)
	if err != nil {
		return nil, err
	}
	beside, missing := b.beside(ctx, r)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return wheel.with(beside, missing), nil
}

// wheel is the wheel of mod_wsgi alone.
func (b *Builder) wheel(ctx context.Context, r recipe, source Source) (*Wheel, error) {
	entry := b.entry(r)
	unlock, err := lockEntry(ctx, entry)
	if err != nil {
		return nil, err
	}
	defer unlock()
	wheel, err := cachedWheel(entry)
	if err != nil {
		return nil, err
	}
	if wheel != nil {
		return wheel, b.check(wheel.Release)
	}
	return b.build(ctx, r, source, entry)
}

// Module gives the path of the module alone, which stays in the cache beside
// its wheel, with each mod_wsgictl in a folder of its own.
func (b *Builder) Module(ctx context.Context, source Source) (string, error) {
	wheel, err := b.Build(ctx, source)
	if err != nil {
		return "", err
	}
	dir := filepath.Join(filepath.Dir(wheel.Path), store.Digest(wheel.beside().data)[:16])
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("cache: %w", err)
	}
	return wheel.ExtractModule(ctx, dir)
}

// A Plan is what Build would do.
type Plan struct {
	Compile  []string // compiler and its words for each file
	Link     []string // linker and its words, without the object files
	Module   string   // name of the module file
	WheelTag string
	Cached   bool // the wheel is there already
}

// Plan says what Build would do with the source that has this digest. It
// writes nothing.
func (b *Builder) Plan(ctx context.Context, digest string) (Plan, error) {
	r, err := b.recipe(ctx, digest)
	if err != nil {
		return Plan{}, err
	}
	var cached []string
	if b.Cache != "" {
		cached = glob(b.entry(r), "*.whl")
	}
	return Plan{
		Compile: r.Compile, Link: slices.Concat(r.Link, r.Wrap, r.Libraries),
		Module: r.ModuleFile, WheelTag: r.WheelTag, Cached: len(cached) > 0,
	}, err
}

// recipe writes down how the source with a digest is built.
func (b *Builder) recipe(ctx context.Context, digest string) (recipe, error) {
	r, err := newRecipe(ctx, digest, b.Apache, b.Python, b.getenv())
	if err != nil {
		return recipe{}, err
	}
	return r, checkWords(b.Trusted, slices.Concat(r.Compile[1:], r.Link[1:], r.Wrap, r.Libraries))
}

// entry is the cache's folder for what comes of a recipe.
func (b *Builder) entry(r recipe) string { return filepath.Join(b.Cache, "wheels", r.key()) }

// build builds source and leaves the wheel in the cache's folder entry.
func (b *Builder) build(ctx context.Context, r recipe, source Source, entry string) (*Wheel, error) {
	scratch, err := newScratch(ctx, filepath.Join(b.Cache, "scratch"))
	if err != nil {
		return nil, err
	}
	defer scratch.remove()
	t, err := source.open(ctx, scratch.dir)
	if err != nil {
		return nil, err
	}
	if err := b.check(t.release); err != nil {
		return nil, err
	}
	module, err := b.module(ctx, r, t, scratch.dir)
	if err != nil {
		return nil, fmt.Errorf("build mod_wsgi %s: %w", t.release, err)
	}
	wheel, err := writeWheel(r, t, module, entry)
	if err != nil {
		return nil, fmt.Errorf("write wheel of mod_wsgi %s: %w", t.release, err)
	}
	return wheel, nil
}

// module builds the module of a release in the folder temp.
func (b *Builder) module(ctx context.Context, r recipe, t tree, temp string) (string, error) {
	p, err := r.product(t, temp)
	if err != nil {
		return "", err
	}
	return b.explained(b.compile(ctx, r.Compile, p, temp))
}

// explained is the result of a build, and what its messages mean.
func (b *Builder) explained(module string, err error) (string, error) {
	if failure := (*toolError)(nil); errors.As(err, &failure) {
		err = failure.explain(b.log())
	}
	return module, err
}

func (b *Builder) log() string { return cmp.Or(b.Log, filepath.Join(b.Cache, "build.log")) }

func (b *Builder) jobs() int {
	if b.Jobs > 0 {
		return b.Jobs
	}
	return runtime.NumCPU()
}

func (b *Builder) getenv() func(string) string {
	if b.Getenv != nil {
		return b.Getenv
	}
	return os.Getenv
}

func (b *Builder) check(release modwsgi.Release) error {
	if b.Check == nil {
		return nil
	}
	return b.Check(release)
}

func (b *Builder) report(step Step) {
	if b.Report != nil {
		b.Report(step)
	}
}
