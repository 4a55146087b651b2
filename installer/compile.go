package installer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/verbose"
)

// A unit is a C file to compile.
type unit struct {
	dir  string // the folder that the compiler runs in
	file string // relative to it
}

// units are the C files of a recipe: the tree's, and below temp the one that
// is linked with them.
func (r recipe) units(t tree, temp string) ([]unit, error) {
	names, err := t.units()
	if err != nil {
		return nil, err
	}
	var units []unit
	for _, name := range names {
		units = append(units, unit{t.dir, name})
	}
	if r.KnownImport == "" {
		return units, nil
	}
	return append(units, unit{temp, knownImportFile}), os.WriteFile(filepath.Join(temp, knownImportFile), []byte(r.KnownImport), 0o600)
}

// A product is a module that is made of C files.
type product struct {
	source string // what debug information calls the folders of the files: "mod_wsgi-6.1.1"
	units  []unit
	file   string   // its name
	link   []string // the linker and its words before the object files
	after  []string // those after them
}

// product is the module of a release.
func (r recipe) product(t tree, temp string) (product, error) {
	units, err := r.units(t, temp)
	return product{
		source: fmt.Sprintf("mod_wsgi-%s", t.release), units: units, file: r.ModuleFile,
		link: slices.Concat(r.Link, r.Wrap), after: r.Libraries,
	}, err
}

// compile makes the object files of a product below the folder temp, jobs of them
// at a time, and links them to the module file there.
func (b *Builder) compile(ctx context.Context, words []string, p product, temp string) (string, error) {
	objects := make([]string, len(p.units))
	var done atomic.Int32
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(b.jobs())
	for i, unit := range p.units {
		objects[i] = filepath.Join(temp, strings.TrimSuffix(filepath.Base(unit.file), ".c")+".o")
		group.Go(func() error {
			if err := groupCtx.Err(); err != nil {
				return err
			}
			// Debug information would name the folder of this one build.
			sameFolder := fmt.Sprintf("-fdebug-prefix-map=%s=%s", unit.dir, p.source)
			words := slices.Concat(words, []string{sameFolder, "-c", unit.file, "-o", objects[i]})
			if err := runTool(groupCtx, unit.dir, temp, words); err != nil {
				return err
			}
			b.report(Step{"compile " + unit.file, int(done.Add(1)), len(p.units) + 1})
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return "", err
	}
	return b.link(ctx, p, temp, objects)
}

// link makes the module file of object files, below the folder temp.
func (b *Builder) link(ctx context.Context, p product, temp string, objects []string) (string, error) {
	module := filepath.Join(temp, p.file)
	words := slices.Concat(p.link, objects, p.after, []string{"-o", module})
	if err := runTool(ctx, temp, temp, words); err != nil {
		return "", err
	}
	b.report(Step{"link " + p.file, len(objects) + 1, len(objects) + 1})
	return module, nil
}

// A toolError is a compiler or linker that refused its input.
type toolError struct {
	Words  []string
	Output string
	Err    error
}

func (e *toolError) Error() string {
	return fmt.Sprintf("%s: %s", e.Words[0], trust.HowEnded(context.Background(), e.Err))
}

func (e *toolError) Unwrap() error { return e.Err }

// runTool runs a compiler in the folder dir, with its own temporary files in
// temp: TMPDIR may be a folder of somebody else's. Its messages are English,
// since they are searched for known failures.
func runTool(ctx context.Context, dir, temp string, words []string) error {
	command, err := toolCommand(ctx, words)
	if err != nil {
		return fmt.Errorf("run %s: %w", words[0], err)
	}
	command.Dir = dir
	command.Env = append(command.Env, "TMPDIR="+temp)
	var output bytes.Buffer
	command.Stdout = &output
	command.Stderr = &output
	err = verbose.Run(ctx, command)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, new(*exec.ExitError)):
		return &toolError{Words: words, Output: output.String(), Err: err}
	}
	return fmt.Errorf("run %s: %w", words[0], err)
}

// toolCommand is a compiler or a linker. Root runs none that somebody else could
// change.
func toolCommand(ctx context.Context, words []string) (*exec.Cmd, error) {
	path, err := trust.Deciders().LookPath(words[0])
	if err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, path, words[1:]...)
	command.Args[0] = words[0]
	command.Env = toolEnvironment()
	trust.EndWhole(command)
	return command, nil
}

// toolEnvironment is this process's, in the C locale, without those folders of
// its search paths that somebody else could change than root.
func toolEnvironment() []string {
	environment := append(os.Environ(), "LC_ALL=C")
	for _, name := range []string{"PATH", "COMPILER_PATH", "LIBRARY_PATH", "CPATH", "C_INCLUDE_PATH", "LD_LIBRARY_PATH"} {
		if value := os.Getenv(name); value != "" {
			environment = append(environment, name+"="+trust.Deciders().SearchPath(value))
		}
	}
	return environment
}
