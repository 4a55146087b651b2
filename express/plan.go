package express

import (
	"context"
	"fmt"
	"os"
	"slices"

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

// Plan computes the server root of a command line, and checks all that can be
// checked before anything is written.
func Plan(ctx context.Context, command Command, caller Caller) (*Setup, error) {
	p := &planner{command: command, caller: caller, setup: &Setup{}}
	if err := p.settle(ctx); err != nil {
		return nil, err
	}
	if err := p.check(ctx); err != nil {
		return nil, err
	}
	if err := p.render(); err != nil {
		return nil, WrongUse{err}
	}
	p.summarize()
	p.setup.Root, p.setup.debug = p.root, p.mode == templates.DebugMode
	p.setup.caller, p.setup.trusted, p.setup.owners, p.setup.uid, p.setup.gid = caller, p.trusted, p.owners, p.account.uid, p.account.gid
	p.setup.check, p.setup.shell = p.checkAsRoot, p.shell()
	p.setup.start = caller.Verb == "start-server" && !command.SetupOnly
	return p.setup, nil
}

// A planner has what each step has settled, for those after it.
type planner struct {
	command Command // with its options as they were settled
	caller  Caller
	setup   *Setup

	identity
	software   software
	entryPoint string
	places
	debugFolders
	locale string
}

// settle decides step by step, each on what those before have returned, what the
// server is: who runs it, what of, where, and for how long.
func (p *planner) settle(ctx context.Context) (err error) {
	if err = checkNumbers(p.command.Options); err != nil {
		return WrongUse{err}
	}
	if p.identity, err = p.identify(); err != nil {
		return WrongUse{err}
	}
	p.command.Options = p.command.inMode(p.mode)
	if p.software, err = p.findSoftware(ctx); err != nil {
		return err
	}
	if p.command.Options, err = p.discover(ctx); err != nil {
		return err
	}
	p.root = p.serverRoot()
	p.command.Options, p.entryPoint = p.settleApplication()
	p.command.Options = p.settleLogs()
	p.command.Options.TLS, p.command.MountPoint = p.settleTLS(), cleanMount(p.command.MountPoint)
	p.places = p.settlePlaces()
	p.debugFolders = p.settleDebugging()
	if p.command.Options, err = p.settleTimeouts(); err != nil {
		return WrongUse{err}
	}
	p.setup.Folders = slices.Concat(p.places.folders, p.debugFolders.folders())
	p.setup.Files = append(p.setup.Files, p.places.files...)
	if err = p.checkOwners(); err != nil { // before anything is built
		return err
	}
	if p.software, err = p.keepModule(ctx); err != nil {
		return err
	}
	if err = p.checkOptions(ctx); err != nil {
		return WrongUse{err}
	}
	p.locale, err = p.chooseLocale(ctx)
	return err
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

func (p *planner) folder(path string) {
	p.setup.Folders = append(p.setup.Folders, Folder{path, 0o755, false})
}

func (p *planner) add(name, text string, mode os.FileMode) {
	p.setup.Files = append(p.setup.Files, File{p.in(name), text, mode, false})
}

func (p *planner) note(format string, args ...any) {
	p.setup.Notes = append(p.setup.Notes, fmt.Sprintf(format, args...))
}

// render makes the text of every file.
func (p *planner) render() error {
	server, err := p.server()
	if err != nil {
		return err
	}
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
			return err
		}
		p.add(file.name, text, file.mode)
	}
	if err := p.addUnit(); err != nil {
		return err
	}
	p.addLibrary()
	return nil
}
