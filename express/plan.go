package express

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

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
	for _, step := range []struct {
		do        func(context.Context) error
		ofMachine bool
	}{
		{p.checkNumbers, false}, {p.identify, false}, {p.findSoftware, true}, {p.discover, true}, {p.settle, false}, {p.checkOwners, true},
		{p.keepModule, true}, {p.checkOptions, false}, {p.chooseLocale, true}, {p.check, true}, {p.render, false},
	} {
		switch err := step.do(ctx); {
		case err != nil && !step.ofMachine:
			return nil, WrongUse{err}
		case err != nil:
			return nil, err
		}
	}
	p.summarize()
	p.setup.caller, p.setup.trusted, p.setup.uid, p.setup.gid = caller, p.trusted, p.account.uid, p.account.gid
	p.setup.check, p.setup.shell = p.checkAsRoot, p.shell()
	p.setup.start = caller.Verb == "start-server" && !command.SetupOnly
	return p.setup, nil
}

// A planner gathers what the files are made of.
type planner struct {
	command  Command
	caller   Caller
	account  account
	trusted  trust.Trustees // whose files may decide what root does; all of an ordinary caller
	software software
	setup    *Setup

	mode       templates.Mode
	root       string
	workingDir string
	entryPoint string
	documents  string
	logs       string
	eggs       string
	rewrite    string
	envvars    string
	pidFile    string
	locale     string
	errorLog   string
	accessLog  string
	recordings string // folders of debug mode; empty for off
	coverage   string
	profiles   string
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

// identify decides who runs what kind of server, and in which folder.
func (p *planner) identify(context.Context) error {
	o := &p.command.Options
	p.mode = templates.DaemonMode
	switch {
	case o.debugging():
		p.mode, o.DebugMode = templates.DebugMode, true
		p.setup.debug = true
	case o.EmbeddedMode:
		p.mode, o.DisableReloading = templates.EmbeddedMode, true
	}
	var err error
	if p.account, err = p.caller.account(o.User, o.Group); err != nil {
		return err
	}
	if p.caller.UID != 0 && (o.User != "" && o.User != p.account.user || o.Group != "" && o.Group != p.account.group) {
		p.note("--user and --group have no effect, for only root can start a server as someone else: it runs as %s.", p.account.user)
	}
	if p.trusted, err = trust.Deciders().And(o.Trusted...); err == nil {
		p.setup.owners, err = trust.RootAndCaller().And(o.Trusted...)
	}
	if err != nil {
		return fmt.Errorf("--%w", err)
	}
	p.workingDir = p.caller.abs(o.WorkingDirectory)
	if p.workingDir == "" {
		p.workingDir = p.caller.Dir
	}
	return nil
}

// settle decides all paths and times.
func (p *planner) settle(context.Context) error {
	o := &p.command.Options
	p.root = p.caller.abs(o.ServerRoot)
	if p.root == "" {
		p.root = p.caller.defaultRoot(p.host(), o.Port)
	}
	p.setup.Root = p.root
	if stem := o.SSLCertificate; stem != "" {
		o.SSLCertificateFile, o.SSLCertificateKeyFile = stem+".crt", stem+".key"
	}
	for _, path := range templates.Paths(&o.TLS) {
		*path = p.caller.abs(*path)
	}
	o.HSTSPolicy = unquoted(o.HSTSPolicy)
	p.settleApplication()
	p.settlePlaces()
	p.settleLogs()
	p.settleDebugging()
	return p.settleTimeouts()
}

// in is a path below the server root.
func (p *planner) in(name string) string { return filepath.Join(p.root, name) }

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
func (p *planner) render(context.Context) error {
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
