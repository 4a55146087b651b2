package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/wsgictl/wsgictl/hostfiles"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/wsgi"
)

// readFlags are the options of all commands that read Apache configuration.
type readFlags struct {
	Define       []string `short:"D" sep:"none" placeholder:"NAME[=VALUE]" help:"Define a name for <IfDefine>, and a value for $${NAME}, as httpd's -D does."`
	ServerRoot   string   `placeholder:"DIR" help:"The folder that relative paths begin at (default: the server's own, or that of the file)."`
	Root         string   `type:"existingdir" placeholder:"DIR" help:"A folder that stands for /: a mounted image, or a copy of another host's files."`
	AssumeModule []string `placeholder:"NAME" help:"Take a module as loaded: wsgi_module, mod_ssl.c."`
	HTTPDVersion string   `name:"httpd-version" placeholder:"VERSION" help:"The release of httpd that reads the configuration, such as 2.4.62 (default: that of this host's own server, else not known)."`
	Envvars      string   `placeholder:"FILE" help:"A file of shell variables that httpd is started with (default: the server's own envvars)."`

	texts  map[string]string                 // read in the place of what files hold, by path
	server func() (*installed.Apache, error) // as serverHere; nil for each file anew
}

// read reads the configuration that a command line names: a file, a server
// root, "-" for standard input, or nothing for the server of this host.
func (f readFlags) read(ctx context.Context, name string) (*conf.Config, error) {
	collectRarely()
	if f.server == nil {
		f.server = serverHere(ctx)
	}
	options, err := f.options()
	if err != nil {
		return nil, err
	}
	if name == "-" {
		if source, known := f.texts["-"]; known {
			return conf.ReadSource("-", source, options), nil
		}
		source, err := io.ReadAll(io.LimitReader(os.Stdin, conf.MaxText+1)) // one more is an error of the text
		if err != nil {
			return nil, usageError{fmt.Errorf("read standard input: %w", err)}
		}
		if f.texts != nil { // it will be asked for again, and can be read once
			f.texts["-"] = string(source)
		}
		return conf.ReadSource("-", string(source), options), nil
	}
	file, err := f.locate(name, &options)
	if err != nil {
		return nil, err
	}
	if err := f.addEnvironment(file, &options); err != nil {
		return nil, err
	}
	config, err := conf.Read(file, options)
	if err != nil {
		return nil, usageError{err}
	}
	return config, nil
}

// options are those that do not depend on where the configuration is.
func (f readFlags) options() (conf.Options, error) {
	options := conf.Options{
		ServerRoot: f.ServerRoot, Root: f.Root, Assumed: f.AssumeModule, Version: f.HTTPDVersion, Texts: f.texts,
		BuiltIn: f.builtIn, Modules: wsgi.Modules(),
	}
	if f.HTTPDVersion != "" && !conf.IsRelease(f.HTTPDVersion) {
		return options, usageError{fmt.Errorf("--httpd-version %s: want a release of httpd 2.4, such as 2.4.62", f.HTTPDVersion)}
	}
	if err := f.checkServerRoot(); err != nil {
		return options, err
	}
	for _, name := range f.AssumeModule {
		if !strings.HasSuffix(name, "_module") && !strings.HasSuffix(name, ".c") {
			return options, usageError{fmt.Errorf("--assume-module %s: want the name that LoadModule or <IfModule> has, such as ssl_module or mod_ssl.c", name)}
		}
	}
	for _, text := range f.Define {
		name, value, hasValue := strings.Cut(text, "=")
		if name == "" || strings.Contains(name, ":") {
			return options, usageError{fmt.Errorf("-D %s: want NAME or NAME=VALUE, with no colon in the name", text)}
		}
		options.Defines = append(options.Defines, conf.Define{Name: name, Value: value, HasValue: hasValue})
	}
	return options, nil
}

// checkServerRoot refuses a folder that is not there, as httpd's -d does.
func (f readFlags) checkServerRoot() error {
	if f.ServerRoot == "" {
		return nil
	}
	folder := filepath.Join(f.Root, f.ServerRoot)
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return usageError{fmt.Errorf("--server-root %s: %s is no folder that is there", f.ServerRoot, folder)}
	}
	return nil
}

// locate finds the main configuration file, and adds what is known of the
// server that it belongs to.
func (f readFlags) locate(name string, options *conf.Options) (string, error) {
	if name == "" && f.Root == "" {
		return f.locateSystem(options)
	}
	candidates := []string{name}
	if name == "" {
		candidates = installed.MainFiles(hostfiles.Root(f.Root))
	}
	for _, candidate := range candidates {
		if file, ok := f.mainFile(candidate); ok {
			if options.ServerRoot == "" {
				options.ServerRoot = installed.ServerRootOf(file)
			}
			return file, nil
		}
	}
	if name == "" {
		return "", usageError{fmt.Errorf("find the configuration below %s: none of %s is there; name the file", f.Root, strings.Join(candidates, ", "))}
	}
	return "", usageError{fmt.Errorf("read %s: no file, and no server root with one of %s", name, strings.Join(installed.MainFileNames(), ", "))}
}

// builtIn are the modules that are compiled into the httpd of this host.
func (f readFlags) builtIn() []string {
	server, err := f.server()
	if err != nil || server == nil {
		return nil
	}
	return server.BuiltIn
}

// locateSystem takes the Apache of this host.
func (f readFlags) locateSystem(options *conf.Options) (string, error) {
	server, err := f.server()
	if err != nil {
		return "", err
	}
	if server == nil {
		return "", usageError{errors.New("find Apache: none on this host; name a configuration file, or --root DIR")}
	}
	options.Static, options.Scope = server.BuiltIn, conf.Whole
	options.Version = cmp.Or(options.Version, server.Version)
	options.ServerRoot = cmp.Or(options.ServerRoot, server.ServerRoot)
	return server.ConfigFile, nil
}

// mainFile is name, made absolute, when it is a file, or the main
// configuration file in the server root name.
func (f readFlags) mainFile(name string) (string, bool) {
	if f.Root == "" {
		if absolute, err := filepath.Abs(name); err == nil {
			name = absolute
		}
	}
	return installed.MainFile(hostfiles.Root(f.Root), name)
}
