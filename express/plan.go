package express

import (
	"context"
	"fmt"
	"os"
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

// wrongUse is an error that is one, if it is one.
func wrongUse(err error) error {
	if err == nil {
		return nil
	}
	return WrongUse{err}
}

// notes are for people: what was found, and what has no effect.
type notes []string

func note(format string, args ...any) notes { return notes{fmt.Sprintf(format, args...)} }

// Plan computes the server root of a command line, and checks all that can be
// checked before anything is written.
func Plan(ctx context.Context, command Command, caller Caller) (*Setup, error) {
	p, err := settle(ctx, command, caller)
	if err != nil {
		return nil, err
	}
	files, err := p.files()
	if err != nil {
		return nil, WrongUse{err}
	}
	return &Setup{
		Root: string(p.root), Folders: p.allFolders(), Files: files, Notes: p.notes, Summary: p.summary(),
		caller: caller, trusted: p.who.trusted, owners: p.who.owners, uid: p.who.account.uid, gid: p.who.account.gid,
		check: func() error { return p.who.checkAsRoot(p.uses, p.allFolders()) }, shell: p.programs.shell, library: p.library,
		debug: p.mode == templates.DebugMode, start: caller.starts(command.Options),
	}, nil
}

// A plan is a server with all that is decided about it, from which its files are made.
type plan struct {
	subject
	layout
	conduct
	mode     templates.Mode
	module   module
	library  library
	locale   string
	daemons  daemons
	capacity templates.Capacity
	held     int // threads that requests for the application can hold
	notes    notes
}

// settle decides what the server is, part by part, each of which refuses what it cannot
// be, and puts the parts together when all are there.
func settle(ctx context.Context, command Command, caller Caller) (plan, error) {
	subject, err := settleSubject(ctx, command, caller)
	if err != nil {
		return plan{}, err
	}
	o, who, place := command.Options, subject.who, subject.place
	layout, err := settleLayout(ctx, o, subject.app, place, subject.apache, subject.root)
	if err != nil {
		return plan{}, err
	}
	conduct, err := settleConduct(ctx, command, layout.logs, subject.root, who)
	if err != nil {
		return plan{}, WrongUse{err}
	}
	locale, chosen, err := chooseLocale(ctx, o.Environment, caller)
	if err != nil {
		return plan{}, err
	}
	inTheWay, err := subject.at.checkPorts(caller.starts(o), layout.places, who)
	if err != nil {
		return plan{}, err
	}
	module, err := subject.load(ctx) // behind what fails sooner, for one may have to be built
	if err != nil {
		return plan{}, err
	}
	if err := module.check(o, place, layout.places.envvars, conduct.telemetry); err != nil {
		return plan{}, err
	}
	daemons, err := settleDaemons(command, subject.at, module.release, conduct, daemonSettings(place, locale, layout.places.eggs), who.UID)
	if err != nil {
		return plan{}, WrongUse{err}
	}
	capacity, held := capacityOf(o, subject.apache.mpm, daemons.declared)
	return plan{
		subject: subject, layout: layout, conduct: conduct, mode: o.mode(), module: module, locale: locale,
		library: library{subject.root.in(libraryName), place.python.trusted(who, module.file.Python), module.file.Python},
		daemons: daemons, capacity: capacity, held: held,
		notes: slices.Concat(who.ignored(o.Account), command.ignored(caller.Verb), subject.app.notes, module.notes, layout.https.notes,
			withoutEffect(o, subject.apache.mpm), subject.app.cautions(place.dir), chosen, layout.unseen, inTheWay, layout.programs.notes),
	}, nil
}

// starts tells whether the server is to be started, and not only set up.
func (c Caller) starts(o Options) bool { return c.Verb == "start-server" && !o.SetupOnly }

// ignored tells of words on the command line that do nothing.
func (c Command) ignored(verb string) notes {
	if len(c.Args) < 2 {
		return nil
	}
	return note("%s: only the first argument names the entry point; ignored: %s", verb, strings.Join(c.Args[1:], " "))
}

// withoutEffect tells of options that other options, or this Apache, undo.
func withoutEffect(o Options, mpm string) notes {
	var undone notes
	for _, option := range []struct {
		is   bool
		note string
	}{
		{o.ReloadOnChanges && !o.reloadsOnChanges(),
			"--reload-on-changes has no effect in debug mode, in embedded mode and with --disable-reloading: start the server again after a change."},
		{o.HTTP2 && mpm == "prefork", "--http2 has no effect with the MPM prefork; name another with --server-mpm."},
		{len(o.IgnoreActivity) > 0 && o.InactivityTimeout == 0, "--ignore-activity has no effect without --inactivity-timeout."},
		{o.HTTP2 && o.ChunkedRequest && o.mode() == templates.DaemonMode,
			"--chunked-request: what comes by HTTP/2 without a length is refused (411), for mod_wsgi would lose it; HTTP/1.1 takes it."},
	} {
		if option.is {
			undone = append(undone, option.note)
		}
	}
	return undone
}

// allFolders are those to be there before the server starts.
func (p plan) allFolders() []Folder {
	folders := slices.Concat(p.layout.folders, p.telemetry.folders(), libraryFolders(p.root))
	if p.beside() != "" {
		folders = append(folders, Folder{p.root.in(spoolName), 0o700, true})
	}
	return folders
}

// files are rendered from it.
func (p plan) files() ([]File, error) {
	server := p.server()
	files := slices.Concat(p.places.files, p.app.welcomePage(p.root))
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
		files = append(files, p.root.file(file.name, text, file.mode))
	}
	monitor, err := p.telemetry.files(server.GroupNames(), p.mode)
	if err != nil {
		return nil, err
	}
	readiness, err := p.readyFiles()
	if err != nil {
		return nil, err
	}
	unit, err := p.unitFiles()
	return slices.Concat(files, monitor, readiness, unit, libraryFiles(p.root)), err
}
