package cli

import (
	"fmt"
	"io"

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

// configOf is how Apache loads a module.
func configOf(module installer.Installed) templates.ModuleConfig {
	return templates.ModuleConfig{LoadFile: module.LoadFile, Module: module.Location(), Beside: module.BesideLocation(), PythonHome: module.PythonHome()}
}

// printModule prints the lines that load a module, and on stderr what a person
// should know of it.
func printModule(s *streams, module installer.Installed) error {
	writeNotes(s, module)
	return printLines(s, module)
}

func printLines(s *streams, module installer.Installed) error {
	text, err := configOf(module).Render()
	if err != nil {
		return err
	}
	_, err = io.WriteString(s.data, text)
	return err
}

func writeNotes(s *streams, module installer.Installed) {
	for _, note := range module.Notes() {
		fmt.Fprintln(s.stderr, note)
	}
}
