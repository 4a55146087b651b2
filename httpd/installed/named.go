package installed

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/wsgictl/wsgictl/hostfiles"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/trust"
)

// Input is the name of what is read from standard input.
const Input = "-"

// Named is a configuration as somebody names it, with what is said of the httpd that
// reads it.
type Named struct {
	Name       string         // a file, a server root, [Input], or nothing for the server of this host, or of Root
	Root       hostfiles.Root // the folder that stands for /
	ServerRoot string         // the folder that relative paths begin at; empty for the server's own, or that of the file
	Envvars    string         // the file of variables that httpd is started with; empty for the server's own, [os.DevNull] for none

	// Options are what else decides: names that are defined, modules, the release.
	Options conf.Options
	// Server gives the Apache of this host; nil where there is none.
	Server func() (*Apache, error)
	// Stdin gives what there is on standard input, the same each time.
	Stdin func() (string, error)
}

// A RequestError is about what was named, and not about the host.
type RequestError struct{ Err error }

func (e *RequestError) Error() string { return e.Err.Error() }

func (e *RequestError) Unwrap() error { return e.Err }

// Read reads the configuration. What is wrong with what was named is a
// [*RequestError].
func (n Named) Read() (*conf.Config, error) {
	if err := n.checkServerRoot(); err != nil {
		return nil, err
	}
	if n.Name == Input {
		return n.readInput()
	}
	file, options, err := n.Locate()
	if err != nil {
		return nil, err
	}
	if options.Environment, err = n.environment(file); err != nil {
		return nil, err
	}
	config, err := conf.Read(file, options)
	if err != nil {
		return nil, &RequestError{err}
	}
	return config, nil
}

// checkServerRoot refuses a folder that is not there, as httpd's -d does.
func (n Named) checkServerRoot() error {
	if n.ServerRoot != "" && !n.Root.IsDir(n.ServerRoot) {
		return &RequestError{fmt.Errorf("--server-root %s: %s is no folder that is there", n.ServerRoot, n.Root.At(n.ServerRoot))}
	}
	return nil
}

func (n Named) readInput() (*conf.Config, error) {
	source, known := n.Options.Texts[Input]
	if !known {
		var err error
		if source, err = n.Stdin(); err != nil {
			return nil, &RequestError{fmt.Errorf("read standard input: %w", err)}
		}
	}
	return conf.ReadSource(Input, source, n.options()), nil
}

// Locate finds the main configuration file, and adds to the options what is known of
// the server that it belongs to, but for its variables.
func (n Named) Locate() (file string, options conf.Options, err error) {
	if n.Name == "" && n.Root.IsHere() {
		return n.locateServer()
	}
	options = n.options()
	candidates := []string{n.Name}
	if n.Name == "" {
		candidates = MainFiles(n.Root)
	}
	for _, candidate := range candidates {
		if file, ok := n.mainFile(candidate); ok {
			options.ServerRoot = cmp.Or(options.ServerRoot, ServerRootOf(file))
			return file, options, nil
		}
	}
	if n.Name == "" {
		return "", options, &RequestError{fmt.Errorf("find the configuration below %s: none of %s is there; name the file", n.Root, strings.Join(candidates, ", "))}
	}
	what := "no file, and no server root with one of "
	if n.Root.IsDir(n.Name) {
		what = "a folder, and none of a server with one of "
	}
	return "", options, &RequestError{fmt.Errorf("read %s: %s%s: name a file, or the folder of a server", n.Name, what, strings.Join(MainFileNames(), ", "))}
}

// locateServer takes the Apache of this host.
func (n Named) locateServer() (file string, options conf.Options, err error) {
	options = n.options()
	server, err := n.Server()
	if err != nil {
		return "", options, err
	}
	if server == nil {
		return "", options, &RequestError{errors.New("find Apache: none on this host; name a configuration file, or --root DIR")}
	}
	options.Static, options.Scope = server.BuiltIn, conf.Whole
	options.Version = cmp.Or(options.Version, server.Version)
	options.ServerRoot = cmp.Or(options.ServerRoot, server.ServerRoot)
	return server.ConfigFile, options, nil
}

// options are those that do not depend on where the configuration is.
func (n Named) options() conf.Options {
	options := n.Options
	options.Root, options.ServerRoot, options.BuiltIn = string(n.Root), n.ServerRoot, n.builtIn
	return options
}

// builtIn are the modules that are compiled into the httpd of this host.
func (n Named) builtIn() []string {
	server, err := n.Server()
	if err != nil || server == nil {
		return nil
	}
	return server.BuiltIn
}

// IsServerRoot tells whether the name is that of a server root, or of a file.
func (n Named) IsServerRoot() bool {
	_, found := n.mainFile(n.Name)
	return found
}

// mainFile is name, made absolute, when it is a file, or the main configuration file
// in the server root name.
func (n Named) mainFile(name string) (string, bool) {
	if n.Root.IsHere() {
		if absolute, err := filepath.Abs(name); err == nil {
			name = absolute
		}
	}
	return MainFile(n.Root, name)
}

// environment are the variables that httpd is started with: those of this process,
// unless the files are another host's, and those of envvars.
func (n Named) environment(file string) (map[string]string, error) {
	environment := map[string]string{}
	if n.Root.IsHere() {
		for _, variable := range os.Environ() {
			name, value, _ := strings.Cut(variable, "=")
			environment[name] = value
		}
	}
	_, text, err := n.envvars(file)
	if err != nil {
		return nil, &RequestError{fmt.Errorf("read the variables of httpd: %w", err)}
	}
	return n.Variables(text, environment), nil
}

// Variables are those that a text of them, as envvars, leaves on top of an environment.
func (n Named) Variables(text string, environment map[string]string) map[string]string {
	environment, _ = conf.ReadEnvvars(text, environment, n.Root.Exists)
	return environment
}

// envvars is the file of variables and what it holds: the one that was named, or the
// first one that is there; empty where none is.
func (n Named) envvars(file string) (name, text string, err error) {
	if n.Envvars == os.DevNull {
		return "", "", nil
	}
	if n.Envvars != "" {
		content, err := trust.ReadFile(n.Envvars, conf.MaxEnvvars)
		return n.Envvars, string(content), err
	}
	for _, candidate := range EnvVarsOf(n.Root, file) {
		content, err := trust.ReadFile(n.Root.At(candidate), conf.MaxEnvvars)
		if !errors.Is(err, os.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
			return candidate, string(content), err
		}
	}
	return "", "", nil
}
