package installer

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/trust"
)

// CopyInstalled puts a copy of a virtualenv's module into a folder, by default the
// modules folder of this host's Apache, and gives the copy. Root copies none that
// others can change, but the one that it keeps itself.
func CopyInstalled(ctx context.Context, venv, directory string) (Installed, error) {
	module, err := toCopy(venv)
	if err != nil {
		return Installed{}, err
	}
	if directory == "" {
		apache, err := installed.Locate(ctx, "", installed.BundledProgram(module.Virtualenv.SitePackages))
		if err != nil {
			return Installed{}, err
		}
		directory = apache.ModulesDir
	}
	if directory, err = filepath.Abs(directory); err != nil {
		return Installed{}, err
	}
	if untrusted := (*trust.Untrusted)(nil); errors.As(trust.Deciders().Check(directory), &untrusted) {
		return Installed{}, fmt.Errorf("copy the module: %w: Apache loads as root what lies there: name a folder that root alone can change with --modules-directory", untrusted)
	}
	copied := pair{path: filepath.Join(directory, filepath.Base(module.Module.Path))}
	if copied.module.data, err = trust.Deciders().ReadFile(module.Module.Path, maxWheel); err == nil && module.Module.Beside != "" {
		copied.beside.data, err = trust.Deciders().ReadFile(module.Module.Beside, maxWheel)
	}
	if err == nil {
		err = copied.write(ctx, nil)
	}
	if err != nil {
		return Installed{}, fmt.Errorf("copy the module: %w", err)
	}
	module.Module = module.Module.At(copied.path)
	return module, nil
}

// toCopy is the virtualenv's module, or the one that root keeps for it where others
// can change that.
func toCopy(venv string) (Installed, error) {
	module, err := FindInstalled(venv)
	if err != nil {
		return Installed{}, err
	}
	untrusted := (*trust.Untrusted)(nil)
	if !errors.As(trust.Deciders().Check(module.Module.Path), &untrusted) {
		return module, nil
	}
	kept, found, err := KeptFor(KeptFolder(), module.Virtualenv)
	if err != nil || found {
		return kept, err
	}
	return Installed{}, fmt.Errorf("%w, and Apache would load it as root: have root build its own: wsgictl install-module --venv %s", untrusted, detect.ShellArgument(module.Virtualenv.Path))
}
