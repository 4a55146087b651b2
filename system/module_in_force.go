package system

import (
	"path/filepath"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/store"
)

// A loaded is the mod_wsgi that a generation has Apache load.
type loaded struct {
	path     string // of the copy that Apache has
	loadFile string // libpython, where one is loaded before
	release  modwsgi.Release
	python   string // that it is for: "3.11"
	beside   string // path of the mod_wsgictl that Apache has; empty without one
	spool    string // its folder; empty for none
}

// files are all that Apache has of it, with the folders.
func (l loaded) files() []string {
	paths := []string{l.path, filepath.Dir(l.path)}
	if l.beside != "" {
		paths = append(paths, l.beside)
	}
	if l.spool != "" {
		paths = append(paths, l.spool)
	}
	return paths
}

// moduleInForce is what a generation has Apache load; nil where that is nothing
// that wsgictl keeps.
func (m Manager) moduleInForce(managed map[string]Managed) (*loaded, error) {
	load := managed[m.places.Load.File(m.places.Name)]
	found, err := m.loadedBy(load.Want)
	if err != nil || found == nil {
		return nil, err
	}
	if _, kept := managed[found.path]; !kept {
		return nil, nil
	}
	return found, nil
}

// loadedBy reads what the file that loads mod_wsgi names.
func (m Manager) loadedBy(load Want) (*loaded, error) {
	if load.Kind != store.File {
		return nil, nil
	}
	if err := m.History.Fill(&load.PathState); err != nil {
		return nil, err
	}
	found := &loaded{}
	for node := range conf.Parse(m.places.Name, string(load.Content)).Nodes() {
		switch words := node.Words(); {
		case node.Name() == "LoadFile" && len(words) == 1:
			found.loadFile = words[0]
		case node.Name() == "LoadModule" && len(words) == 2 && words[0] == "wsgi_module":
			found.path = words[1]
		case node.Name() == "LoadModule" && len(words) == 2 && words[0] == "wsgictl_module":
			found.beside = words[1]
		case node.Name() == "WSGICtlFolder" && len(words) > 0:
			found.spool = words[0]
		}
	}
	named, ok := modwsgi.ParseModuleFile(found.path)
	if !ok {
		return nil, nil
	}
	found.release, found.python = named.Release, named.Python
	return found, nil
}

// keepModule leaves to the other sites the mod_wsgi that they are served with,
// whoever brought it.
func (m Manager) keepModule(s *scope) error {
	load, still := s.left[m.places.Load.File(m.places.Name)]
	inForce, err := m.moduleInForce(s.current.Managed)
	if !still || inForce == nil || err != nil {
		return err
	}
	for _, path := range inForce.files() {
		if managed, ours := s.current.Managed[path]; ours {
			managed.Owners = load.Owners
			s.left[path] = managed
		}
	}
	return nil
}
