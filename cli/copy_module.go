package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/google/renameio/v2"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/trust"
)

// copyModule puts a copy of the virtualenv's module into a folder, by default
// Apache's, and prints how to load it from there.
func copyModule(ctx context.Context, venvDir, directory string, s *streams) error {
	module, err := moduleToCopy(venvDir)
	if err != nil {
		return err
	}
	if directory == "" {
		apache, err := installed.Locate(ctx, "", installed.BundledProgram(module.venv.SitePackages))
		if err != nil {
			return err
		}
		directory = apache.ModulesDir
	}
	directory, err = filepath.Abs(directory)
	if err != nil {
		return err
	}
	if untrusted := (*trust.Untrusted)(nil); errors.As(trust.Deciders().Check(directory), &untrusted) {
		return fmt.Errorf("copy the module: %w: Apache loads as root what lies there: name a folder that root alone can change with --modules-directory", untrusted)
	}
	content, err := trust.Deciders().ReadFile(module.Path, moduleLimit)
	if err != nil {
		return fmt.Errorf("copy the module: %w", err)
	}
	target := filepath.Join(directory, filepath.Base(module.Path))
	if err := trust.WriteFile(target, content, 0o644, renameio.IgnoreUmask()); err != nil {
		return fmt.Errorf("copy the module: %w", err)
	}
	config := module.config()
	config.Module = target
	module.Path = target
	module.warnRoot(s.stderr)
	return printModuleConfig(s.data, config)
}

// moduleToCopy is the virtualenv's module. Root copies none that others can
// change into a folder that Apache trusts, but the one that it keeps.
func moduleToCopy(venvDir string) (venvModule, error) {
	module, err := findModule(venvDir)
	if err != nil {
		return venvModule{}, err
	}
	untrusted := (*trust.Untrusted)(nil)
	if !errors.As(trust.Deciders().Check(module.Path), &untrusted) {
		return module, nil
	}
	kept, found, err := keptFor(module.venv)
	if err != nil || found {
		return kept, err
	}
	return venvModule{}, fmt.Errorf("%w, and Apache would load it as root: have root build its own: wsgictl install-module --venv %s", untrusted, detect.ShellArgument(module.venv.Path))
}
