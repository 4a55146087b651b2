package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/wsgictl/wsgictl/audit"
	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/wsgi"
)

// rewriting holds the files that fixes are written to, so that all can be put
// back: the very files that were written, wherever their paths lead by then.
type rewriting struct {
	files  []*rewritten
	byName map[string]*rewritten // by path, and by where that led
}

type rewritten struct {
	*trust.Held
	before, now string // what it holds
}

// write puts the fixed texts in the place of the files, each at once. None is
// written unless all can be.
func (r *rewriting) write(files []audit.Fixed, views []*wsgi.View) error {
	var held []*rewritten
	for _, file := range files {
		f, err := r.hold(pathOf(file.File, views), file.File.Source)
		if err != nil {
			return fmt.Errorf("write fixes: %w", err)
		}
		held = append(held, f)
	}
	for i, file := range files {
		if err := held[i].replace(file.Text); err != nil {
			return fmt.Errorf("write fixes: %w", err)
		}
	}
	return nil
}

// hold gives a file that is held already, or holds it: as it was when the
// audit read it.
func (r *rewriting) hold(path, text string) (*rewritten, error) {
	if f := r.byName[path]; f != nil {
		return f, f.check(text)
	}
	held, err := trust.Hold(path)
	if err != nil {
		return nil, err
	}
	if f := r.byName[held.Real]; f != nil {
		held.Close()
		return f, f.check(text)
	}
	f := r.add(&rewritten{held, text, text})
	if os.Geteuid() == 0 { // others can only be led to what they may write anyway
		if err := held.Confined(); err != nil {
			return nil, fmt.Errorf("%w; --diff shows the changes", err)
		}
	}
	return f, f.check(text)
}

func (r *rewriting) add(f *rewritten) *rewritten {
	if r.byName == nil {
		r.byName = map[string]*rewritten{}
	}
	r.byName[f.Path], r.byName[f.Real] = f, f
	r.files = append(r.files, f)
	return f
}

// check is an error unless the file holds what it is known to, and that is
// what the audit read.
func (f *rewritten) check(read string) error {
	same, err := f.Holds([]byte(f.now))
	if err != nil {
		return err
	}
	if !same || read != f.now {
		return fmt.Errorf("%s was modified by another program meanwhile: run it again", f.Path)
	}
	return nil
}

func (f *rewritten) replace(text string) error {
	if text == f.now { // by another name
		return nil
	}
	if err := f.check(f.now); err != nil {
		return err
	}
	if err := f.Replace([]byte(text)); err != nil {
		return err
	}
	f.now = text
	return nil
}

// putBack gives all files that were written their text of before, for the
// reason given. One that is no longer as it was written is left alone.
func (r *rewriting) putBack(reason error) error {
	var errs []error
	written := 0
	for _, f := range r.files {
		if f.now == f.before {
			continue
		}
		written++
		if err := f.putBack(); err != nil {
			errs = append(errs, fmt.Errorf("put back %s: %w", f.Path, err))
		}
	}
	switch {
	case written == 0:
		return reason
	case len(errs) == 0:
		return fmt.Errorf("%w; all files are put back", reason)
	}
	return errors.Join(append([]error{fmt.Errorf("%w; %d of %s put back", reason, written-len(errs), countOf(written, "file"))}, errs...)...)
}

func (f *rewritten) putBack() error {
	same, err := f.Holds([]byte(f.now))
	if err != nil {
		return err
	}
	if !same {
		return errors.New("it is no longer the file that was written, and is left as it is")
	}
	return f.Replace([]byte(f.before))
}

// close lets go of the files.
func (r *rewriting) close() {
	for _, f := range r.files {
		f.Close()
	}
}
