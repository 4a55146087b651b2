package cli

import (
	"github.com/wsgictl/wsgictl/installer"
	"github.com/wsgictl/wsgictl/jsonreport"
)

type moduleLocationCommand struct {
	Venv string `placeholder:"DIR" help:"Virtualenv that holds the module (default: VIRTUAL_ENV, .venv, venv or env here or above, or the one in this folder)."`
	JSON bool   `help:"Print a JSON object."`
}

// Help is the long form of the command's help.
func (moduleLocationCommand) Help() string {
	return `Prints the path of the virtualenv's mod_wsgi module, as its own mod_wsgi-express
does, without starting Python.

Example:
  wsgictl module-location --venv /srv/shop/.venv`
}

func (c moduleLocationCommand) Run(s *streams) error {
	module, err := installer.FindInstalled(c.Venv)
	if err != nil {
		return err
	}
	if c.JSON {
		return jsonreport.Write(s.data, struct {
			Version int    `json:"version"`
			Path    string `json:"path"`
		}{1, module.Location()})
	}
	return printLocation(s, module)
}
