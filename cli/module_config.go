package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/jsonreport"
	"github.com/wsgictl/wsgictl/templates"
	"github.com/wsgictl/wsgictl/trust"
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
	module, err := findModule(c.Venv)
	if err != nil {
		return err
	}
	config := module.config()
	module.explain(s.stderr)
	module.warnRoot(s.stderr)
	if c.JSON {
		return jsonreport.Write(s.data, struct {
			Version int `json:"version"`
			templates.ModuleConfig
		}{1, config})
	}
	return printModuleConfig(s.data, config)
}

// config says how Apache loads the module.
func (m venvModule) config() templates.ModuleConfig {
	return templates.ModuleConfig{LoadFile: m.loadFile, Module: m.location(), PythonHome: m.prefix()}
}

// explain says why there is a LoadFile line, or that there should be one.
func (m venvModule) explain(w io.Writer) {
	switch loadFile := m.loadFile; {
	case loadFile != "" && m.Resolved == "":
		fmt.Fprintf(w, "Apache's loader finds no %s: the LoadFile line names it.\n", m.Libpython)
	case loadFile != "" && !sameFile(loadFile, m.Resolved):
		fmt.Fprintf(w, "Apache's loader would take %s: the LoadFile line names the virtualenv's own.\n", m.Resolved)
	case loadFile == "" && m.Libpython != "" && m.Resolved == "":
		fmt.Fprintf(w, "Warning: Apache's loader finds no %s, and it is not where %s comes from: Apache will not start with this module. To fix it: %s\n",
			m.Libpython, m.venv.Home, detect.LibpythonRemedy(m.Module, m.venv))
	}
}

// warnRoot tells root who could become root by the lines, and what can be done.
func (m venvModule) warnRoot(w io.Writer) {
	var changeable []string
	for _, path := range m.loadedByRoot() {
		if untrusted := (*trust.Untrusted)(nil); errors.As(trust.Deciders().Check(path), &untrusted) {
			changeable = append(changeable, path+" ("+untrusted.Where()+")")
		}
	}
	if len(changeable) > 0 {
		fmt.Fprintf(w, "Warning: Apache loads as root what others can change, and who does becomes root: %s. %s\n",
			strings.Join(changeable, "; "), m.ownRemedy())
	}
}

// loadedByRoot are the files that Apache loads before it gives up root.
func (m venvModule) loadedByRoot() []string {
	paths := []string{m.Path}
	if library := cmp.Or(m.loadFile, m.Resolved); library != "" {
		paths = append(paths, library)
	}
	return paths
}

// ownRemedy is how root gets a module that root alone can change.
func (m venvModule) ownRemedy() string {
	if m.kept || !m.venv.Foreign() {
		return "Make the virtualenv with a Python that root alone can change."
	}
	if kept, found, err := keptFor(m.venv); err == nil && found {
		return "Root keeps one of its own: " + kept.Path
	}
	return "Have root build its own: wsgictl install-module --venv " + detect.ShellArgument(m.venv.Path)
}

func printModuleConfig(w io.Writer, config templates.ModuleConfig) error {
	text, err := config.Render()
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, text)
	return err
}
