package cli

import (
	"errors"
	"path/filepath"

	"github.com/wsgictl/wsgictl/installer"
	"github.com/wsgictl/wsgictl/trust"
)

// trustFlags name who may decide, beside root, what root does.
type trustFlags struct {
	Trust []string `sep:"none" placeholder:"USER" help:"As root, use what this account can change as if it were root's own. It can become root then. May be given again."`
}

// keptFlags say where root keeps what it has built.
type keptFlags struct {
	ModulesDirectory string `placeholder:"DIR" help:"Where root keeps mod_wsgi for virtualenvs that others can change (default: a folder of /var/lib/wsgictl)."`
}

func (f keptFlags) folder() (string, error) {
	if f.ModulesDirectory == "" {
		return installer.KeptFolder(), nil
	}
	return filepath.Abs(f.ModulesDirectory)
}

// isUntrusted tells an error about a file that somebody could change who is not
// trusted.
func isUntrusted(err error) bool {
	return errors.As(err, new(*trust.Untrusted))
}
