package installed

import (
	"path"
	"path/filepath"

	"github.com/wsgictl/wsgictl/httpd/conf"
)

// A Start is how the server of a configuration is started on this machine.
type Start struct {
	Program string // the httpd; empty where it is not known
	Envvars string // the file that sets its variables; empty where there is none

	// Variables are those of Envvars alone.
	Variables map[string]string
}

// Start is how the server of the configuration that was read is started by a program;
// nil where that is not a server of this machine.
func (n Named) Start(config *conf.Config, program string) *Start {
	main := config.Files[0].Name
	if !n.Root.IsHere() || !config.Complete || config.IsOfAnotherHost() || !path.IsAbs(main) {
		return nil
	}
	name, text, err := n.envvars(main)
	if err != nil {
		return nil // to read it was refused before
	}
	if absolute, err := filepath.Abs(name); err == nil && name != "" {
		name = absolute
	}
	return &Start{Program: program, Envvars: name, Variables: n.Variables(text, nil)}
}
