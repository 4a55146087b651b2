package cli

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/wsgictl/wsgictl/hostfiles"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/wsgi"
)

// addEnvironment adds the variables that httpd is started with: those of this
// process, unless the files are another host's, and those of envvars.
func (f readFlags) addEnvironment(file string, options *conf.Options) error {
	options.Environment = map[string]string{}
	if f.Root == "" {
		for _, variable := range os.Environ() {
			name, value, _ := strings.Cut(variable, "=")
			options.Environment[name] = value
		}
	}
	_, text, err := f.envvars(file)
	if err != nil {
		return usageError{fmt.Errorf("read the variables of httpd: %w", err)}
	}
	options.Environment = f.variables(text, options.Environment)
	return nil
}

// variables are those that a file of them leaves on top of an environment.
func (f readFlags) variables(text string, environment map[string]string) map[string]string {
	environment, _ = conf.ReadEnvvars(text, environment, func(name string) bool {
		_, err := os.Stat(f.Root + name)
		return err == nil
	})
	return environment
}

// envvars is the file of variables and what it holds: the one of --envvars, or
// the first one that is there; empty where none is.
func (f readFlags) envvars(file string) (name, text string, err error) {
	if f.Envvars == os.DevNull {
		return "", "", nil
	}
	if f.Envvars != "" {
		content, err := trust.ReadFile(f.Envvars, conf.MaxEnvvars)
		return f.Envvars, string(content), err
	}
	for _, candidate := range installed.EnvVarsOf(hostfiles.Root(f.Root), file) {
		content, err := trust.ReadFile(f.Root+candidate, conf.MaxEnvvars)
		if !errors.Is(err, os.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
			return candidate, string(content), err
		}
	}
	return "", "", nil
}

// start is how the server of a configuration is started; nil where that is not
// a server of this machine.
func (f readFlags) start(config *conf.Config, program string) *wsgi.Start {
	main := config.Files[0].Name
	if f.Root != "" || !config.Complete || config.IsOfAnotherHost() || !path.IsAbs(main) {
		return nil
	}
	name, text, err := f.envvars(main)
	if err != nil {
		return nil // to read it was refused before
	}
	if absolute, err := filepath.Abs(name); err == nil && name != "" {
		name = absolute
	}
	return &wsgi.Start{Program: program, Envvars: name, Variables: f.variables(text, nil)}
}
