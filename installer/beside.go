package installer

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	modwsgictl "github.com/wsgictl/wsgictl/mod_wsgictl"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/store"
)

// WithoutBeside says what is lost where no mod_wsgictl lies beside a mod_wsgi.
const WithoutBeside = "without mod_wsgictl, a client that is slow to send or to read holds a thread of the application, and a reload of Apache can lose requests"

// besideDigest is the digest of all files of mod_wsgictl's source.
func besideDigest() (string, error) {
	var all strings.Builder
	err := fs.WalkDir(modwsgictl.Source, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(modwsgictl.Source, name)
		fmt.Fprintf(&all, "%s %s\n", name, store.Digest(text))
		return err
	})
	return store.Digest([]byte(all.String())), err
}

// beside builds mod_wsgictl in a folder of its own below temp, with the words for
// mod_wsgi but for those that are about Python's library.
func (b *Builder) beside(ctx context.Context, r recipe, temp string) (string, error) {
	dir := filepath.Join(temp, "mod_wsgictl")
	if err := os.CopyFS(dir, modwsgictl.Source); err != nil {
		return "", fmt.Errorf("write the source of mod_wsgictl: %w", err)
	}
	p := product{source: "mod_wsgictl", file: modwsgi.Beside(r.ModuleFile), link: r.Link}
	for _, path := range glob(dir, "source/*.c") {
		p.units = append(p.units, unit{dir, filepath.Join("source", filepath.Base(path))})
	}
	return b.explained(b.compile(ctx, r.Compile, p, dir))
}

// errBuiltWithout is about a wheel in the cache.
var errBuiltWithout = errors.New("it could not be built when the cached wheel was: --no-cache builds both anew")

// lacksBeside says why a wheel has no mod_wsgictl; nil where it has one.
func (w *Wheel) lacksBeside() error {
	if len(w.beside().data) > 0 {
		return nil
	}
	if w.missing != nil {
		return w.missing
	}
	return errBuiltWithout
}

// withoutBeside is the wheel without its mod_wsgictl, which is why.
func (w *Wheel) withoutBeside(why error) *Wheel {
	without := &Wheel{Path: w.Path, Distribution: w.Distribution, Release: w.Release, missing: why}
	for _, file := range w.files {
		if file.name != w.beside().name && file.name != w.distInfo()+"/RECORD" {
			without.files = append(without.files, file)
		}
	}
	without.add(w.distInfo()+"/RECORD", record(without.files, w.distInfo()))
	return without
}

// A besideError is about a mod_wsgictl that httpd does not load, where it loads
// the mod_wsgi.
type besideError struct{ err error }

func (e *besideError) Error() string { return e.err.Error() }

func (e *besideError) Unwrap() error { return e.err }

// sayWithout tells why there is no mod_wsgictl, and what is lost.
func (j installation) sayWithout(why error) {
	j.say("Note: %s. It was not installed: %v", WithoutBeside, why)
}
