package express

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/templates"
	"github.com/wsgictl/wsgictl/trust"
)

// A Setup is a server root as it is to be: every file rendered, every check
// passed, nothing written.
type Setup struct {
	Root    string
	Folders []Folder
	Files   []File
	Notes   []string // for people: what was found, what has changed against mod_wsgi-express
	Summary [][2]string

	caller   Caller
	trusted  trust.Trustees // whose folders files are written to
	owners   trust.Trustees // who may own the folders that the server root is in
	check    func() error   // what was checked before folders were there
	uid, gid int            // of the application
	library  library
	debug    bool
	shell    string // that runs apachectl
	start    bool   // start the server when all is written
}

// A Folder is to be there before the server starts.
type Folder struct {
	Path string
	Mode os.FileMode
	App  bool // it belongs to the account of the application
}

// A File is one file of the server root.
type File struct {
	Path string
	Text string
	Mode os.FileMode
	Keep bool // leave one that is there, since people edit it
}

// WrongUse is a command line that no machine could run. Other errors of Plan
// are of this one: what is missing on it, taken, or not readable.
type WrongUse struct{ error }

// notes are for people: what was found, and what has no effect.
type notes []string

func note(format string, args ...any) notes { return notes{fmt.Sprintf(format, args...)} }

// Plan computes the server root of a command line, and checks all that can be
// checked before anything is written.
func Plan(ctx context.Context, command Command, caller Caller) (*Setup, error) {
	p := &planner{command: command, caller: caller}
	settled, err := p.settle(ctx)
	if err != nil {
		return nil, err
	}
	checked, err := p.check(ctx)
	if err != nil {
		return nil, err
	}
	files, err := p.render()
	if err != nil {
		return nil, WrongUse{err}
	}
	return &Setup{
		Root: p.root, Folders: p.folders(), Files: files, Summary: p.summary(),
		Notes:  slices.Concat(settled, checked, p.controlNotes()),
		caller: caller, trusted: p.trusted, owners: p.owners, uid: p.account.uid, gid: p.account.gid,
		check: p.checkAsRoot, shell: p.shell(), library: p.library(),
		debug: p.mode == templates.DebugMode, start: caller.Verb == "start-server" && !command.SetupOnly,
	}, nil
}

// A planner is a server as far as it is settled: each step of settle gives it one
// more value, which none changes afterwards but the options.
type planner struct {
	command Command // with its options as they were settled
	caller  Caller

	identity
	software   software
	entryPoint string
	places
	debugFolders
	locale string
}

// settle decides step by step, each on what those before have returned, what the
// server is: who runs it, what of, where, and for how long.
func (p *planner) settle(ctx context.Context) (notes, error) {
	found, err := p.settleApplication(ctx)
	if err != nil {
		return nil, err
	}
	if err := p.settleServer(); err != nil {
		return nil, WrongUse{err}
	}
	if err := p.checkOwners(); err != nil { // before anything is built
		return nil, err
	}
	module, kept, err := p.keepModule(ctx)
	if err != nil {
		return nil, err
	}
	p.software = module
	checked, err := p.checkOptions(ctx)
	if err != nil {
		return nil, WrongUse{err}
	}
	locale, chosen, err := p.chooseLocale(ctx)
	p.locale = locale
	return slices.Concat(found, kept, checked, chosen), err
}

// settleApplication decides who runs what, and of which software.
func (p *planner) settleApplication(ctx context.Context) (notes, error) {
	if err := checkNumbers(p.command.Options); err != nil {
		return nil, WrongUse{err}
	}
	identity, err := p.identify()
	if err != nil {
		return nil, WrongUse{err}
	}
	p.identity, p.command.Options = identity, p.command.inMode(identity.mode)
	if p.software, err = p.findSoftware(ctx); err != nil {
		return nil, err
	}
	options, found, err := p.discover(ctx)
	if err != nil {
		return nil, err
	}
	p.command.Options, p.root = options, p.serverRoot()
	ignored := p.ignored()
	p.command.Options, p.entryPoint = p.settleEntryPoint()
	return slices.Concat(ignored, found), nil
}

// settleServer decides where its files are, and completes its options.
func (p *planner) settleServer() (err error) {
	p.command.Options = p.settleLogs()
	p.command.Options.TLS, p.command.MountPoint = p.settleTLS(), cleanMount(p.command.MountPoint)
	p.places, p.debugFolders = p.settlePlaces(), p.settleDebugging()
	if p.command.Options, err = p.settleTelemetry(); err != nil {
		return err
	}
	p.command.Options, err = p.settleTimeouts()
	return err
}

// ignored tells of words on the command line that do nothing.
func (p *planner) ignored() notes {
	var ignored notes
	if o := p.command.Options; p.caller.UID != 0 && (o.User != "" && o.User != p.account.user || o.Group != "" && o.Group != p.account.group) {
		ignored = append(ignored, note("--user and --group have no effect, for only root can start a server as someone else: it runs as %s.", p.account.user)...)
	}
	if len(p.command.Args) > 1 {
		ignored = append(ignored, note("%s: only the first argument names the entry point; ignored: %s", p.caller.Verb, strings.Join(p.command.Args[1:], " "))...)
	}
	return ignored
}

// host is the name for a server without one.
func (p *planner) host() string {
	if p.command.Host != "" {
		return p.command.Host
	}
	return "localhost"
}

// serverHost is the name that clients use.
func (p *planner) serverHost() string {
	if p.command.ServerName != "" {
		return p.command.ServerName
	}
	return p.host()
}

// folders are those to be there before the server starts.
func (p *planner) folders() []Folder {
	library := p.library().folder
	folders := slices.Concat(p.places.folders, p.debugFolders.folders(), p.telemetryFolders(),
		[]Folder{{library, 0o755, false}, {filepath.Join(library, "__pycache__"), 0o755, false}})
	if p.beside() != "" {
		folders = append(folders, Folder{p.in(spoolName), 0o700, true})
	}
	return folders
}

// file is one below the server root.
func (p places) file(name, text string, mode os.FileMode) File {
	return File{p.in(name), text, mode, false}
}

// render makes every file.
func (p *planner) render() ([]File, error) {
	server, err := p.server()
	if err != nil {
		return nil, err
	}
	files := slices.Concat(p.places.files, p.welcomePage())
	for _, file := range []struct {
		name   string
		render func() (string, error)
		mode   os.FileMode
	}{
		{"httpd.conf", server.Render, 0o600},
		{"apachectl", p.control().Render, 0o755},
		{"handler.wsgi", p.handler().Render, 0o644},
		{"resource.wsgi", p.resource().Render, 0o644},
	} {
		text, err := file.render()
		if err != nil {
			return nil, err
		}
		files = append(files, p.file(file.name, text, file.mode))
	}
	if p.command.EnableTelemetry {
		text, err := p.monitorService(server.GroupNames()).Render()
		if err != nil {
			return nil, err
		}
		files = append(files, p.file(telemetryScript, text, 0o644))
	}
	unit, err := p.unitFiles()
	return slices.Concat(files, unit, p.libraryFiles()), err
}
