package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/detect"
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
}

// named are the configurations that a command line names: files, server roots, "-" for
// standard input, or nothing for the server of this host.
func (f readFlags) named(ctx context.Context, names ...string) ([]installed.Named, error) {
	collectRarely()
	options := conf.Options{Assumed: f.AssumeModule, Version: f.HTTPDVersion, Modules: wsgi.Modules()}
	if f.HTTPDVersion != "" && !conf.IsRelease(f.HTTPDVersion) {
		return nil, usageError{fmt.Errorf("--httpd-version %s: want a release of httpd 2.4, such as 2.4.62", f.HTTPDVersion)}
	}
	for _, name := range f.AssumeModule {
		if !strings.HasSuffix(name, "_module") && !strings.HasSuffix(name, ".c") {
			return nil, usageError{fmt.Errorf("--assume-module %s: want the name that LoadModule or <IfModule> has, such as ssl_module or mod_ssl.c", name)}
		}
	}
	for _, text := range f.Define {
		define, err := conf.ParseDefine(text)
		if err != nil {
			return nil, usageError{err}
		}
		options.Defines = append(options.Defines, define)
	}
	server, stdin := serverHere(ctx), sync.OnceValues(readStdin)
	var all []installed.Named
	for _, name := range names {
		all = append(all, installed.Named{
			Name: name, Root: hostfiles.Root(f.Root), ServerRoot: f.ServerRoot, Envvars: f.Envvars,
			Options: options, Server: server, Stdin: stdin,
		})
	}
	return all, nil
}

// read reads the one configuration that a command line names.
func (f readFlags) read(ctx context.Context, name string) (*conf.Config, error) {
	named, err := f.named(ctx, name)
	if err != nil {
		return nil, err
	}
	return named[0].Read()
}

// serverHere gives the Apache of this host, which is looked for once, and only if need
// be; nil where there is none.
func serverHere(ctx context.Context) func() (*installed.Apache, error) {
	return sync.OnceValues(func() (*installed.Apache, error) {
		server, err := detect.Server(ctx)
		if err != nil {
			return nil, fmt.Errorf("find Apache: %w", err)
		}
		return server, nil
	})
}

func readStdin() (string, error) {
	text, err := io.ReadAll(io.LimitReader(os.Stdin, conf.MaxText+1)) // one more is an error of the text
	return string(text), err
}
