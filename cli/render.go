package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/installer"
	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/templates"
)

type renderCommand struct {
	Daemon renderDaemonCommand `cmd:"" help:"A daemon process group, and the lines that use it."`
	Site   renderSiteCommand   `cmd:"" help:"A virtual host, and the daemon process group that serves it."`
	Limits renderLimitsCommand `cmd:"" help:"How many requests Apache as a whole must be able to hold."`
}

func newRenderCommand() renderCommand {
	return renderCommand{
		Daemon: renderDaemonCommand{DaemonFlags: newDaemonFlags()},
		Site:   renderSiteCommand{DaemonFlags: newDaemonFlags()},
		Limits: renderLimitsCommand{DaemonFlags: newDaemonFlags()},
	}
}

// Help is the long form of the command's help.
func (renderCommand) Help() string {
	return `Prints configuration for Apache; docs/render.md explains each line of it.

Example:
  wsgictl render site hello --server-name hello.example.org --user hello \
    --venv /srv/hello/venv --script /srv/hello/wsgi.py`
}

// renderFlags are common to all that is rendered.
type renderFlags struct {
	File    string `placeholder:"FILE" help:"Read what flags do not say from this wsgictl.toml."`
	Venv    string `toml:"venv" placeholder:"DIR" help:"The virtualenv (default: VIRTUAL_ENV, .venv, venv or env here or above, or the one in this folder)."`
	ModWSGI string `name:"mod-wsgi" toml:"mod-wsgi" placeholder:"VERSION" help:"The mod_wsgi release to write for (default: the virtualenv's, else Apache's own for the same Python, else the newest)."`
	Host    string `placeholder:"FILE" help:"Facts of another machine, as \"wsgictl detect --json\" printed them there."`
	Bare    bool   `help:"Leave the comments out."`
}

// A rendering is one run of a render command: its flags, completed from the
// file, and the host that it is for.
type rendering struct {
	renderFlags
	given   intent.Given
	file    intent.File
	host    detect.Host
	release modwsgi.Release
	streams *streams
}

// start reads the file and the facts that the flags name.
func (f renderFlags) start(ctx context.Context, s *streams, flags intent.Given) (rendering, error) {
	r := rendering{renderFlags: f, given: flags, streams: s}
	var err error
	if r.file, err = f.readIntent(); err != nil {
		return rendering{}, usageError{err}
	}
	flags.Merge(&r.renderFlags, renderFlags{Venv: r.file.Venv, ModWSGI: r.file.ModWSGI})
	if r.host, err = r.readHost(ctx); err != nil {
		return rendering{}, err
	}
	if r.release, err = r.chooseRelease(); err != nil {
		return rendering{}, usageError{err}
	}
	return r, nil
}

// chooseRelease gives the mod_wsgi release to write for: the one asked for, or the one
// that is there.
func (r rendering) chooseRelease() (modwsgi.Release, error) {
	if r.ModWSGI != "" {
		return modwsgi.ParseRelease(r.ModWSGI)
	}
	release, missing, err := installer.ReleaseFor(r.host, r.pythonHome(), r.Host == "")
	if missing != "" {
		fmt.Fprintln(r.streams.stderr, missing)
	}
	return release, err
}

func (f renderFlags) readIntent() (intent.File, error) {
	if f.File == "" {
		return intent.File{}, nil
	}
	return intent.ReadFile(f.File)
}

// readHost gives the host to render for: the one recorded, else this one.
func (f renderFlags) readHost(ctx context.Context) (detect.Host, error) {
	if f.Host == "" {
		return f.detectHost(ctx)
	}
	host, err := detect.ReadHost(f.Host)
	if err != nil {
		return detect.Host{}, usageError{err}
	}
	return host, nil
}

// detectHost looks at this host. A virtualenv that is named and not there is
// wrong use: python-home would be missing without a word.
func (f renderFlags) detectHost(ctx context.Context) (detect.Host, error) {
	if venv, err := detect.FindVirtualenv(f.Venv); err == nil {
		if _, err := detect.ReadVirtualenv(venv); err != nil {
			return detect.Host{}, usageError{fmt.Errorf("%w, or name a place where it will be with --python-home", err)}
		}
	}
	return detect.Detect(ctx, detect.Request{Venv: f.Venv, ToServe: true})
}

// pythonHome is the virtualenv's folder; empty when there is none.
func (r rendering) pythonHome() string {
	switch {
	case r.host.Virtualenv != nil && (r.Venv == "" || r.Host == ""):
		return r.host.Virtualenv.Path
	case r.Host != "":
		return r.Venv // of another machine: as it was written
	default:
		return ""
	}
}

// facts are what the host adds to what is declared.
func (r rendering) facts() intent.Facts {
	facts := intent.Facts{Host: r.host, Release: r.release, PythonHome: r.pythonHome()}
	if r.host.Apache != nil {
		facts.LogDirectory = r.host.Apache.LogDirectory()
		facts.CertificateStore = r.host.Apache.CertificateStore(nil)
	}
	return facts
}

// flags are those of a command as intent takes them.
func (r rendering) flags(site templates.Site, recovery recoveryFlags, daemon kong.Plugins) intent.Flags {
	return intent.Flags{Given: r.given, Site: site, Settings: daemonSettings(daemon), Recovery: recovery.Recovery, Elsewhere: r.Host != ""}
}

// renderDaemon renders the declaration of a group, and says on stderr what a person
// should still decide.
func (r rendering) renderDaemon(daemon templates.Daemon) (string, error) {
	text, err := daemon.Render()
	if err != nil {
		return "", err
	}
	for _, advice := range intent.Advice(daemon) {
		fmt.Fprintln(r.streams.stderr, advice)
	}
	return text, nil
}

// print writes rendered parts to stdout, one after another.
func (r rendering) print(parts ...string) error {
	_, err := fmt.Fprint(r.streams.data, r.join(parts))
	return err
}

func (r rendering) join(parts []string) string {
	text := strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), "\n")
	if r.Bare {
		return templates.Bare(text)
	}
	return text
}

// A scriptOutput is where the script for --module goes: it is a second file,
// so that both are written to a folder.
type scriptOutput struct {
	OutputDir string `placeholder:"DIR" help:"Write NAME.conf, NAME-ready.py for \"wsgictl restart\", and NAME.wsgi for a module, to this folder instead of printing."`
}

// place names the script that a module is imported by.
func (o scriptOutput) place(name string, application *templates.Application) error {
	return intent.OutputFolder(o.OutputDir).Place(name, application)
}

// write puts the rendered parts, and what belongs to them, into the folder; without one
// it prints them. The address is that of the application.
func (o scriptOutput) write(r rendering, name string, application templates.Application, address string, parts ...string) error {
	if o.OutputDir == "" {
		return r.print(parts...)
	}
	written, err := intent.OutputFolder(o.OutputDir).Write(name, r.join(parts), application, address)
	for _, path := range written {
		fmt.Fprintf(r.streams.stderr, "wrote %s\n", path)
	}
	return err
}
