package cli

import (
	"github.com/wsgictl/wsgictl/installer"
	"github.com/wsgictl/wsgictl/jsonreport"
	"github.com/wsgictl/wsgictl/templates"
)

type moduleConfigCommand struct {
	Venv string `placeholder:"DIR" help:"Virtualenv that holds the module (default: VIRTUAL_ENV, .venv, venv or env here or above, or the one in this folder)."`
	JSON bool   `help:"Print a JSON object."`
}

// Help is the long form of the command's help.
func (moduleConfigCommand) Help() string {
	return `Prints the lines with which Apache loads the virtualenv's mod_wsgi, as its own
mod_wsgi-express does, without starting Python. A LoadFile line comes with them
only where Apache would not find the module's libpython, or would find another.

Example:
  wsgictl module-config --venv /srv/shop/.venv`
}

func (c moduleConfigCommand) Run(s *streams) error {
	module, err := installer.FindInstalled(c.Venv)
	if err != nil {
		return err
	}
	if !c.JSON {
		return printModule(s, module)
	}
	writeNotes(s, module)
	return jsonreport.Write(s.data, struct {
		Version int `json:"version"`
		templates.ModuleConfig
	}{1, configOf(module)})
}
