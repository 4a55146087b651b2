package installer

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	modwsgictl "github.com/wsgictl/wsgictl/mod_wsgictl"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/trust"
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

// sourceMark is what a mod_wsgictl has in it of a source with this digest.
func sourceMark(digest string) string { return "mod_wsgictl source " + digest }

// IsOfThis tells that a mod_wsgictl was built from the source that this wsgictl has.
func IsOfThis(module []byte) bool {
	digest, err := besideDigest()
	return err == nil && bytes.Contains(module, []byte(sourceMark(digest)))
}

// besideFormat rises when this package would make another mod_wsgictl of the same
// source and words.
const besideFormat = 1

// beside gives mod_wsgictl: the cached one, or one that is built with the words for
// mod_wsgi but for those that are about Python's library.
func (b *Builder) beside(ctx context.Context, r recipe) ([]byte, error) {
	digest, err := besideDigest()
	if err != nil {
		return nil, err
	}
	words := []any{besideFormat, digest, r.Compile, r.Link, r.Compiler, r.MagicNumber}
	entry := filepath.Join(b.Cache, "mod_wsgictl", store.Digest(fmt.Appendf(nil, "%q", words)))
	unlock, err := lockEntry(ctx, entry)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if module := cachedBeside(entry); module != nil {
		return module, nil
	}
	module, err := b.buildBeside(ctx, r, digest)
	if err != nil {
		return nil, fmt.Errorf("build mod_wsgictl: %w", err)
	}
	return module, trust.WriteFile(filepath.Join(entry, store.Digest(module)+".so"), module, 0o644)
}

// cachedBeside is the mod_wsgictl in one entry of the cache, whose name tells its
// content; nil where there is none that is whole.
func cachedBeside(entry string) []byte {
	for _, path := range glob(entry, "*.so") {
		module, err := trust.Deciders().ReadFile(path, maxWheel)
		if err == nil && filepath.Base(path) == store.Digest(module)+".so" {
			return module
		}
	}
	return nil
}

func (b *Builder) buildBeside(ctx context.Context, r recipe, digest string) ([]byte, error) {
	scratch, err := newScratch(ctx, filepath.Join(b.Cache, "scratch"))
	if err != nil {
		return nil, err
	}
	defer scratch.remove()
	if err := os.CopyFS(scratch.dir, modwsgictl.Source); err != nil {
		return nil, fmt.Errorf("write its source: %w", err)
	}
	mark := fmt.Sprintf("const char wsgictl_source[] = %q;\n", sourceMark(digest))
	if err := os.WriteFile(filepath.Join(scratch.dir, "source", "mark.c"), []byte(mark), 0o600); err != nil {
		return nil, fmt.Errorf("write its source: %w", err)
	}
	p := product{source: "mod_wsgictl", file: "mod_wsgictl.so", link: r.Link}
	for _, path := range glob(scratch.dir, "source/*.c") {
		p.units = append(p.units, unit{scratch.dir, filepath.Join("source", filepath.Base(path))})
	}
	built, err := b.explained(b.compile(ctx, r.Compile, p, scratch.dir))
	if err != nil {
		return nil, err
	}
	return trust.ReadFile(built, maxWheel)
}

// with is the wheel with a mod_wsgictl beside its module, or without, which is why.
func (w *Wheel) with(beside []byte, missing error) *Wheel {
	with := &Wheel{Path: w.Path, Distribution: w.Distribution, Release: w.Release, missing: missing}
	for _, file := range w.files {
		switch file.name {
		case w.beside().name, w.distInfo() + "/RECORD":
			continue
		}
		with.files = append(with.files, file)
		if file.name == w.module().name && missing == nil {
			with.add(modwsgi.Beside(file.name), beside).executable = true
		}
	}
	with.add(w.distInfo()+"/RECORD", record(with.files, w.distInfo()))
	return with
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
