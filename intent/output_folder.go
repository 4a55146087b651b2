package intent

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/wsgictl/wsgictl/templates"
	"github.com/wsgictl/wsgictl/trust"
)

// An OutputFolder is where rendered configuration is written, with the script of an
// application that is a module, and the file by which processes say that they have loaded
// it; empty where it is printed.
type OutputFolder string

// Place names the files beside the configuration.
func (f OutputFolder) Place(name string, application *templates.Application) error {
	switch {
	case !application.HasOwnScript() && f == "":
		return nil
	case application.Module != "" && application.Script != "":
		return errors.New("script and module: name only one of them")
	case f == "" && application.Release != "":
		return errors.New("the script that loads the release is a file of its own: name a folder for it and the configuration with --output-dir")
	case f == "":
		return fmt.Errorf("module %s: the script that imports it is a file of its own: name a folder for it and the configuration with --output-dir", application.Module)
	}
	folder, err := filepath.Abs(string(f))
	if err != nil {
		return err
	}
	if application.HasOwnScript() {
		if application.OwnScript, err = application.ScriptText(); err != nil {
			return err
		}
		application.Script = filepath.Join(folder, name+".wsgi")
	}
	if application.Script != "" {
		application.Ready = filepath.Join(folder, name+"-ready.py")
	}
	return nil
}

// Write writes configuration, and what [OutputFolder.Place] has named; the address is that
// of the application. Each file is replaced as a whole; written are those that were.
func (f OutputFolder) Write(name, configuration string, application templates.Application, address string) (written []string, err error) {
	if err := trust.Deciders().Check(string(f)); err != nil {
		return nil, fmt.Errorf("write configuration: %w%s", err, f.remedy(err))
	}
	files := []struct{ path, text string }{{filepath.Join(string(f), name+".conf"), configuration}}
	if application.OwnScript != "" {
		files = append(files, struct{ path, text string }{application.Script, application.OwnScript})
	}
	if application.Ready != "" {
		script, err := application.ReadyScript(address)
		if err != nil {
			return nil, err
		}
		files = append(files, struct{ path, text string }{application.Ready, script})
	}
	for _, file := range files {
		if err := trust.WriteFile(file.path, []byte(file.text), 0o644); err != nil {
			return written, fmt.Errorf("write %s: %w", file.path, err)
		}
		written = append(written, file.path)
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
