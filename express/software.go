package express

import (
	"context"
	"slices"
)

// A software is what serves: Apache, and the Python of the application where it runs.
type software struct {
	apache apache
	place  workplace
	own    *module // of the virtualenv or of Apache; nil where others can change the virtualenv
}

// findSoftware starts no program where files tell enough.
func findSoftware(ctx context.Context, o Options, who identity) (software, error) {
	dir, err := who.workingFolder(o.WorkingDirectory)
	if err != nil {
		return software{}, err
	}
	python, err := findVirtualenv(o.Venv, who, dir, who.Dir)
	if err != nil {
		return software{}, err
	}
	apache, err := findApache(ctx, o, who, python.bundled())
	if err != nil {
		return software{}, err
	}
	s := software{apache: apache}
	if python.foreign == nil {
		own, itsPython, err := ownModule(apache, python, who)
		if err != nil {
			return software{}, err
		}
		s.own, python = &own, itsPython
	}
	if err := python.checkFreeThreading(o.FreeThreading); err != nil {
		return software{}, WrongUse{err}
	}
	s.place = newWorkplace(who, python, dir, o.PythonPaths)
	return s, s.place.checkReadable()
}

// importing is the software with one more folder to import from; none for "".
func (s software) importing(path string) software {
	if path != "" {
		s.place.paths = append(slices.Clone(s.place.paths), path)
	}
	return s
}

// load is the module for Apache, which may have to be built.
func (s software) load(ctx context.Context) (module, error) {
	if s.own != nil {
		return *s.own, nil
	}
	return keptModule(ctx, s.apache, s.place.python, s.place.who)
}
