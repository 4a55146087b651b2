package express

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sort"
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

// settleApplication decides what is run.
func (p *planner) settleApplication() {
	o := &p.command.Options
	if o.EntryPoint == "" && len(p.command.Args) > 0 {
		o.EntryPoint = p.command.Args[0]
	}
	if len(p.command.Args) > 1 {
		p.note("%s: only the first argument names the entry point; ignored: %s", p.caller.Verb, strings.Join(p.command.Args[1:], " "))
	}
	switch {
	case o.ApplicationType == "static":
		if o.DocumentRoot == "" {
			o.DocumentRoot = o.EntryPoint
			if o.DocumentRoot == "" {
				o.DocumentRoot = p.caller.Dir
			}
		}
		p.entryPoint = ""
	case o.EntryPoint == "":
		o.ApplicationType, o.CallableObject, o.EnableDocs = "script", "application", true
		p.entryPoint = p.in("default.wsgi")
		p.add("default.wsgi", templates.DefaultApplication(), 0o644)
	case o.ApplicationType == "module":
		p.entryPoint = o.EntryPoint
	default:
		p.entryPoint = p.caller.abs(o.EntryPoint)
	}
}

func (p *planner) settlePlaces() {
	o := &p.command.Options
	p.setup.Folders = append(p.setup.Folders, Folder{p.root, 0o755, false})
	p.documents = p.caller.abs(o.DocumentRoot)
	if p.documents == "" {
		p.documents = p.in("htdocs")
		p.folder(p.documents)
	}
	if o.MountPoint = "/" + strings.Trim(filepath.Clean("/"+o.MountPoint), "/"); o.MountPoint != "/" {
		p.folder(filepath.Join(p.documents, o.MountPoint))
	}
	if p.eggs = p.caller.abs(o.PythonEggs); p.eggs == "" {
		p.eggs = p.in("python-eggs")
	}
	p.setup.Folders = append(p.setup.Folders, Folder{p.eggs, 0o755, true})
	if p.rewrite = p.caller.abs(o.RewriteRules); p.rewrite == "" {
		p.rewrite = p.in("rewrite.conf")
		p.setup.Files = append(p.setup.Files, File{p.rewrite, "", 0o644, true})
	}
	if p.envvars = p.caller.abs(o.EnvvarsScript); p.envvars == "" {
		p.envvars = p.in("envvars")
		p.setup.Files = append(p.setup.Files, File{p.envvars, "", 0o600, true})
	}
	if p.pidFile = p.caller.abs(o.PIDFile); p.pidFile == "" {
		p.pidFile = p.in("httpd.pid")
	}
}

func (p *planner) settleDebugging() {
	o := p.command.Options
	for _, place := range []struct {
		enabled  bool
		named    string
		fallback string
		path     *string
	}{
		{o.EnableRecorder, o.RecorderDirectory, "archive", &p.recordings},
		{o.EnableCoverage, o.CoverageDirectory, "htmlcov", &p.coverage},
		{o.EnableProfiler, o.ProfilerDirectory, "pstats", &p.profiles},
	} {
		if !place.enabled {
			continue
		}
		if *place.path = p.caller.abs(place.named); *place.path == "" {
			*place.path = p.in(place.fallback)
		}
		p.setup.Folders = append(p.setup.Folders, Folder{*place.path, 0o700, true})
	}
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

// addLibrary adds the Python that handler.wsgi and resource.wsgi run on.
func (p *planner) addLibrary() {
	files := templates.PythonFiles()
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	sort.Strings(names)
	folder := p.in("python/wsgictl_express")
	p.folder(folder)
	p.folder(filepath.Join(folder, "__pycache__"))
	p.setup.library = library{folder: folder, python: p.trustedPython(), series: p.software.module.Python}
	for _, name := range names {
		p.add("python/"+name, files[name], 0o644)
	}
}

func (p *planner) handler() templates.Handler {
	o := p.command.Options
	h := templates.Handler{
		Root: p.root, Library: p.in("python"), WorkingDir: p.workingDir,
		Kind: o.ApplicationType, EntryPoint: p.entryPoint, Callable: o.CallableObject, MountPoint: o.MountPoint,
		Reload:          !o.DisableReloading && p.mode != templates.DebugMode,
		ReloadOnChanges: o.ReloadOnChanges && !o.DisableReloading && p.mode == templates.DaemonMode,
		Debug:           p.mode == templates.DebugMode,
		Moves:           p.mode != templates.DaemonMode && p.caller.UID == 0,
		Debugger:        o.EnableDebugger, DebuggerStartup: o.DebuggerStartup,
		Recorder: p.recordings, Coverage: p.coverage, Profiler: p.profiles,
	}
	if o.KeepAliveTimeout > 0 {
		h.Ports = p.ports()
	}
	if p.mode == templates.DaemonMode {
		h.Patience = o.RequestTimeout
	}
	h.Variables = append(h.Variables,
		[2]string{"MOD_WSGI_EXPRESS", "true"},
		[2]string{"MOD_WSGI_SERVER_NAME", p.serverHost()},
		[2]string{"MOD_WSGI_SERVER_ALIASES", strings.Join(o.ServerAliases, " ")})
	for _, flag := range []struct {
		name string
		on   bool
	}{
		{"RELOADER", h.ReloadOnChanges}, {"DEBUGGER", o.EnableDebugger}, {"COVERAGE", o.EnableCoverage},
		{"PROFILER", o.EnableProfiler}, {"RECORDER", o.EnableRecorder}, {"GDB", o.EnableGDB},
	} {
		if flag.on {
			h.Variables = append(h.Variables, [2]string{"MOD_WSGI_" + flag.name + "_ENABLED", "true"})
		}
	}
	if h.Debug {
		h.Variables = append(h.Variables, [2]string{"MOD_WSGI_DEBUG_MODE", "true"})
	}
	return h
}

func (p *planner) resource() templates.Resource {
	r := templates.Resource{Library: p.in("python")}
	for _, pair := range p.command.HandlerScripts {
		r.Scripts = append(r.Scripts, [2]string{pair[0], p.caller.abs(pair[1])})
	}
	return r
}
