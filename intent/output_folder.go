package intent

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/wsgictl/wsgictl/templates"
	"github.com/wsgictl/wsgictl/trust"
)

// An OutputFolder is where rendered configuration is written, with the script of an
// application that is a module; empty where it is printed.
type OutputFolder string

// Place names the script that a module is imported by.
func (f OutputFolder) Place(name string, application *templates.Application) error {
	switch {
	case application.Module == "":
		return nil
	case application.Script != "":
		return errors.New("script and module: name only one of them")
	case f == "":
		return fmt.Errorf("module %s: the script that imports it is a file of its own: name a folder for it and the configuration with --output-dir", application.Module)
	}
	if _, err := application.ScriptText(); err != nil {
		return err
	}
	folder, err := filepath.Abs(string(f))
	application.Script = filepath.Join(folder, name+".wsgi")
	return err
}

// Write writes configuration, and the script of a module. Each file is replaced as a
// whole; written are those that were.
func (f OutputFolder) Write(name, configuration string, application templates.Application) (written []string, err error) {
	if err := trust.Deciders().Check(string(f)); err != nil {
		return nil, fmt.Errorf("write configuration: %w%s", err, f.remedy(err))
	}
	files := []struct{ name, text string }{{name + ".conf", configuration}}
	if application.Module != "" {
		script, err := application.ScriptText()
		if err != nil {
			return nil, err
		}
		files = append(files, struct{ name, text string }{name + ".wsgi", script})
	}
	for _, file := range files {
		path := filepath.Join(string(f), file.name)
		if err := trust.WriteFile(path, []byte(file.text), 0o644); err != nil {
			return written, fmt.Errorf("write %s: %w", path, err)
		}
		written = append(written, path)
	}
	return written, nil
}

// remedy is what to do about a folder that others can change: they could lead
// elsewhere what root writes there, and change it before Apache reads it.
func (OutputFolder) remedy(err error) string {
	if !isUntrusted(err) {
		return ""
	}
	return "; as root, name a folder that root alone can change, or run this as its owner"
}
