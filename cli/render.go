package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/intent"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/templates"
	"github.com/wsgictl/wsgictl/trust"
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
	OutputDir string `placeholder:"DIR" help:"Write NAME.conf, and NAME.wsgi for a module, to this folder instead of printing."`
}

// place names the script that a module is imported by.
func (o scriptOutput) place(name string, application *templates.Application) error {
	switch {
	case application.Module == "":
		return nil
	case application.Script != "":
		return fmt.Errorf("script and module: name only one of them")
	case o.OutputDir == "":
		return fmt.Errorf("module %s: the script that imports it is a file of its own: name a folder for it and the configuration with --output-dir", application.Module)
	}
	folder, err := filepath.Abs(o.OutputDir)
	application.Script = filepath.Join(folder, name+".wsgi")
	return err
}

// rootsOutput is what to do about a folder that others can change: they could
// lead elsewhere what root writes there, and change it before Apache reads it.
func rootsOutput(err error) string {
	if !isUntrusted(err) {
		return ""
	}
	return "; as root, name a folder that root alone can change, or run this as its owner"
}

// write puts the rendered parts, and the script of a module, into the folder;
// without one it prints them. Each file is replaced as a whole.
func (o scriptOutput) write(r rendering, name string, application templates.Application, parts ...string) error {
	if o.OutputDir == "" {
		return r.print(parts...)
	}
	if err := trust.Deciders().Check(o.OutputDir); err != nil {
		return fmt.Errorf("write configuration: %w%s", err, rootsOutput(err))
	}
	files := []struct{ name, text string }{{name + ".conf", r.join(parts)}}
	if application.Module != "" {
		script, err := application.ScriptText()
		if err != nil {
			return usageError{err}
		}
		files = append(files, struct{ name, text string }{name + ".wsgi", script})
	}
	for _, file := range files {
		path := filepath.Join(o.OutputDir, file.name)
		if err := trust.WriteFile(path, []byte(file.text), 0o644); err != nil {
			return fmt.Errorf("write %s: %w", path, err)
		}
		fmt.Fprintf(r.streams.stderr, "wrote %s\n", path)
	}
	return nil
}
