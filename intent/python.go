package intent

import (
	"cmp"
	"fmt"
	"path/filepath"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/templates"
)

// ModuleVenv is the virtualenv that Apache's mod_wsgi comes from: the file's, else
// that of the first daemon process group that names one. The one module serves all,
// since all have the same Python. folder is the file's own.
func (f File) ModuleVenv(folder string) string {
	venv := f.Venv
	for _, daemon := range f.Daemons {
		venv = cmp.Or(venv, daemon.Settings.Value("python-home"))
	}
	for _, site := range f.Sites {
		if site.Release != "" {
			venv = cmp.Or(venv, filepath.Join(site.Release, EnvironmentName))
		}
	}
	if venv != "" && !filepath.IsAbs(venv) {
		venv = filepath.Join(folder, venv)
	}
	return venv
}

// samePython holds that a daemon's virtualenv is for the Python of mod_wsgi.
func samePython(daemon templates.Daemon, python string) error {
	home := daemon.Settings.Value("python-home")
	venv, err := detect.ReadVirtualenv(home)
	if err != nil {
		return fmt.Errorf("daemon %s: %w", daemon.Name, err)
	}
	if series := detect.MinorVersion(venv.Version); series != python {
		return fmt.Errorf("daemon %s: the virtualenv %s has Python %s, and Apache's one mod_wsgi is for Python %s: make it with that Python", daemon.Name, home, series, python)
	}
	return nil
}
