package cli

import (
	"fmt"
	"io"

	"github.com/wsgictl/wsgictl/installer"
	"github.com/wsgictl/wsgictl/templates"
)

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

func printLocation(s *streams, module installer.Installed) error {
	_, err := fmt.Fprintln(s.data, module.Location())
	return err
}
