package templates

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// ModuleConfig is what Apache needs to load a mod_wsgi module: the lines that
// "mod_wsgi-express module-config" prints, and those for a mod_wsgictl.
type ModuleConfig struct {
	LoadFile   string `json:"load_file,omitempty"` // libpython, where the loader would not find the right one by itself
	Module     string `json:"load_module"`         // the module file
	PythonHome string `json:"python_home"`         // the virtualenv

	Beside string `json:"load_mod_wsgictl,omitempty"` // the mod_wsgictl beside it
	Spool  string `json:"-"`                          // folder of what that keeps in files; empty for none
}

// Render gives the lines. A path that no line can carry is an error.
func (m ModuleConfig) Render() (string, error) {
	var text strings.Builder
	for _, line := range []struct{ directive, path string }{
		{"LoadFile", m.LoadFile},
		{"LoadModule wsgi_module", m.Module},
		{"LoadModule wsgictl_module", m.Beside},
		{"WSGICtlFolder", m.Spool},
		{"WSGIPythonHome", m.PythonHome},
	} {
		if line.path == "" {
			continue
		}
		quoted, err := conf.Quote(line.path)
		if err != nil {
			return "", fmt.Errorf("%s: %w", line.directive, err)
		}
		fmt.Fprintf(&text, "%s %s\n", line.directive, quoted)
	}
	return text.String(), nil
}
