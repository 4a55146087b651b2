package installer

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/wsgictl/wsgictl/detect"
)

// A Builder makes wheels of mod_wsgi for one Apache and one Python.
type Builder struct {
	Apache *detect.Apache // with Headers
	Python *detect.Python
	Cache  string              // folder of finished wheels; made when it is not there
	Jobs   int                 // compilers at a time; 0 is one per core
	Getenv func(string) string // for CC, CFLAGS, CPPFLAGS, LDFLAGS; nil is os.Getenv
	Report func(Step)          // told of each step as it ends, from several goroutines; may be nil
}

// A Step is one step of a build that has ended.
type Step struct {
	What  string // "compile src/server/wsgi_daemon.c"
	Done  int    // steps that have ended, this one too
	Total int
}

// Build gives the wheel of source: the cached one, or a new one.
func (b *Builder) Build(ctx context.Context, source Source) (*Wheel, error) {
	r, err := newRecipe(ctx, source, b.Apache, b.Python, b.getenv())
	if err != nil {
		return nil, err
	}
	entry := filepath.Join(b.Cache, "wheels", r.key())
	if err := os.MkdirAll(entry, 0o755); err != nil {
		return nil, fmt.Errorf("cache: %w", err)
	}
	unlock, err := lockFolder(ctx, entry)
	if err != nil {
		return nil, fmt.Errorf("cache: %w", err)
	}
	defer unlock()
	if wheel, err := cachedWheel(entry); err != nil || wheel != nil {
		return wheel, err
	}
	return b.build(ctx, r, source, entry)
}

// Module gives the path of the module alone, which stays in the cache beside
// its wheel.
func (b *Builder) Module(ctx context.Context, source Source) (string, error) {
	wheel, err := b.Build(ctx, source)
	if err != nil {
		return "", err
	}
	return wheel.ExtractModule(filepath.Dir(wheel.Path))
}

// build builds source and leaves the wheel in the cache's folder entry.
func (b *Builder) build(ctx context.Context, r recipe, source Source, entry string) (*Wheel, error) {
	temp, err := os.MkdirTemp("", "wsgictl-build-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(temp)
	t, err := source.open(ctx, temp)
	if err != nil {
		return nil, err
	}
	module, err := b.compile(ctx, r, t, temp)
	if failure := (*toolError)(nil); errors.As(err, &failure) {
		return nil, explainFailure(failure, b.Apache, b.Python)
	}
	if err != nil {
		return nil, fmt.Errorf("build mod_wsgi %s: %w", t.release, err)
	}
	wheel, err := writeWheel(r, t, module, entry)
	if err != nil {
		return nil, fmt.Errorf("write wheel of mod_wsgi %s: %w", t.release, err)
	}
	return wheel, nil
}

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

func (b *Builder) report(step Step) {
	if b.Report != nil {
		b.Report(step)
	}
}
