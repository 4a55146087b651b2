package templates

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// ModuleConfig is what Apache needs to load a mod_wsgi module: the lines that
// "mod_wsgi-express module-config" prints.
type ModuleConfig struct {
	LoadFile   string `json:"load_file,omitempty"` // libpython, where the loader would not find the right one by itself
	Module     string `json:"load_module"`         // the module file
	PythonHome string `json:"python_home"`         // the virtualenv
}

// Render gives the lines. A path that no line can carry is an error.
func (m ModuleConfig) Render() (string, error) {
	var text strings.Builder
	for _, line := range []struct{ directive, path string }{
		{"LoadFile", m.LoadFile},
		{"LoadModule wsgi_module", m.Module},
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
