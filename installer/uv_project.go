package installer

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sync"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/trust"
)

// lockLimit bounds a uv.lock that is looked at, in bytes.
const lockLimit = 16 << 20

// UVAdvice says that "uv sync" takes away what a project does not declare, and how
// it is declared; it is empty where that does not concern the module. With the same
// release declared, uv leaves the module as it is.
func (i Installed) UVAdvice() string {
	venv := i.Virtualenv
	project := filepath.Dir(venv.Path)
	declared := filepath.Join(project, "uv.lock")
	if _, err := os.Stat(declared); err != nil {
		declared = filepath.Join(project, "pyproject.toml")
		if _, err := os.Stat(declared); err != nil || venv.Kind != "uv" {
			return ""
		}
	}
	if text, err := trust.ReadFile(declared, lockLimit); err != nil || namesModWSGI().Match(text) {
		return ""
	}
	return fmt.Sprintf("\"uv sync\" takes mod_wsgi away again, for %s does not name it: declare it with: uv add --no-sync --project %s mod-wsgi==%s",
		declared, detect.ShellArgument(project), i.Release)
}

var namesModWSGI = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)\bmod[-_.]wsgi(?:[^A-Za-z0-9._-]|$)`) })
