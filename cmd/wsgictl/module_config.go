package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/templates"
)

type moduleConfigCommand struct {
	Venv string `help:"Virtualenv that holds the module; default: VIRTUAL_ENV, ./.venv, ./venv." placeholder:"DIR"`
	JSON bool   `help:"Print a JSON object."`
}

// Help is the long form of the command's help.
func (moduleConfigCommand) Help() string {
	return `Prints the lines with which Apache loads the virtualenv's mod_wsgi, as its own
mod_wsgi-express does, without starting Python. A LoadFile line comes with them
only where Apache would not find the module's libpython, or would find another.

Example:
  wsgictl module-config --venv /srv/shop/.venv > /etc/apache2/mods-available/wsgi.load`
}

func (c moduleConfigCommand) Run(s *streams) error {
	dir, err := detect.FindVirtualenv(c.Venv)
	if err != nil {
		return usageError{err}
	}
	venv, err := detect.ReadVirtualenv(dir)
	if err != nil {
		return usageError{err}
	}
	module, err := installedModule(venv)
	if err != nil {
		return err
	}
	config := moduleConfig(module, venv)
	explainLoadFile(s.stderr, config, module)
	if c.JSON {
		encoder := json.NewEncoder(s.stdout)
		encoder.SetIndent("", "  ")
		return encoder.Encode(config)
	}
	return printModuleConfig(s.stdout, config)
}

// installedModule is the module that a virtualenv holds.
func installedModule(venv detect.Virtualenv) (detect.Module, error) {
	modules, err := detect.VirtualenvModules(venv)
	if err != nil {
		return detect.Module{}, err
	}
	series := minorSeries(venv.Version)
	for _, module := range modules {
		if module.Python == series {
			return module, nil
		}
	}
	return detect.Module{}, fmt.Errorf("no mod_wsgi module for Python %s in %s: build one with\n  wsgictl install-module --venv %s", series, venv.Path, venv.Path)
}

// minorSeries gives "3.11" of "3.11.7".
func minorSeries(version string) string {
	parts := strings.SplitN(version, ".", 3)
	return strings.Join(parts[:min(2, len(parts))], ".")
}

// moduleConfig says how Apache loads a module. The loader is helped only where
// it would go wrong: upstream prints no LoadFile line on Linux.
func moduleConfig(module detect.Module, venv detect.Virtualenv) templates.ModuleConfig {
	config := templates.ModuleConfig{Module: module.Path, PythonHome: venv.Path}
	if module.Libpython == "" {
		return config
	}
	own := filepath.Join(filepath.Dir(venv.Home), "lib", module.Libpython)
	if sameFile(own, own) && !sameFile(own, module.Resolved) {
		config.LoadFile = own
	}
	return config
}

func explainLoadFile(w io.Writer, config templates.ModuleConfig, module detect.Module) {
	switch {
	case config.LoadFile == "":
	case module.Resolved == "":
		fmt.Fprintf(w, "The LoadFile line is there since the loader would not find %s.\n", module.Libpython)
	default:
		fmt.Fprintf(w, "The LoadFile line is there since the loader would take another %s: %s.\n", module.Libpython, module.Resolved)
	}
}

// sameFile reports whether both paths lead to one file that is there.
func sameFile(a, b string) bool {
	infoA, err := os.Stat(a)
	if err != nil {
		return false
	}
	infoB, err := os.Stat(b)
	return err == nil && os.SameFile(infoA, infoB)
}

func printModuleConfig(w io.Writer, config templates.ModuleConfig) error {
	text, err := config.Render()
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, text)
	return err
}
