package detect

import (
	"cmp"
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/hostfiles"
	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/verbose"
)

// A Request says what to look for. Everything left empty is searched.
type Request struct {
	HTTPD  string // the httpd program
	APXS   string // the apxs program
	Python string // the interpreter
	Venv   string // folder of the virtualenv; only one of Python and Venv is given
	Root   string // folder that holds the files of another machine, for recorded cases; empty for this one

	// ServerRoot is the folder of another instance of Apache than the one
	// that httpd is compiled for, laid out as that one's is.
	ServerRoot string

	// Read reads the configuration of an Apache that was found, which begins in a
	// file. It may be called for several at a time. Nil is [conf.Read]; another may give
	// what was read before, or keep what it has read.
	Read func(file string, options conf.Options) (*conf.Config, error)

	// ToServe leaves out what only building a module needs, and the verdict:
	// virtualenv, Apache, modules and locales are told, headers and Pythons
	// are not, and whether Apache runs only as far as its pid file tells.
	ToServe bool

	// ServerOnly is ToServe without a virtualenv: no file of one is read, and
	// no program of one started, also not the httpd that it may bring.
	ServerOnly bool
}

// Detect gathers the facts of the host. What is missing is a Problem of the
// Host and no error; an error is a context that ended.
//
// What does not depend on each other is looked at side by side: httpd, apxs,
// Python and locales.
func Detect(ctx context.Context, r Request) (Host, error) {
	r.ToServe = r.ToServe || r.ServerOnly
	d := &detector{tree: treeAt(r.Root), request: r, notebook: &notebook{}}
	d.host = Host{Version: SchemaVersion, Modules: []Module{}}
	d.host.System = d.readSystem()
	d.request.HTTPD = d.program(r.HTTPD)
	d.request.APXS = d.program(r.APXS)
	d.request.Python = d.program(r.Python)
	d.virtualenv()
	d.httpds = d.candidates()

	var group sync.WaitGroup
	group.Go(func() { d.apache(ctx) })
	group.Go(func() { d.locales = d.readLocales(ctx, d.host.System) })
	if !r.ToServe {
		group.Go(func() { d.running() }) // wanted when httpd has answered
		group.Go(func() { d.python(ctx) })
		group.Go(func() { d.headers(ctx) })
		group.Go(d.pythons)
	}
	group.Wait()
	if err := ctx.Err(); err != nil {
		return Host{}, err
	}
	d.host.System.Locales = d.locales
	d.noteSystem()
	d.assemble()
	d.modules()
	d.host.Looked = d.notebook.inOrder()
	for _, look := range d.host.Looked {
		verbose.File(ctx, look.Subject, look.Place+": "+look.Found)
	}
	if r.ToServe {
		return d.host, nil
	}
	d.host.Series = fittingSeries(d.host.Python, d.host.Apache)
	d.host.Problems = d.evidence().problems()
	return d.host, nil
}

// Server finds the Apache in use on this host and what it was compiled with, and reads
// nothing of its configuration; nil where there is none. An error is one that does not
// tell what it is, or a context that ended.
func Server(ctx context.Context) (*installed.Apache, error) {
	d := &detector{tree: treeAt(""), notebook: &notebook{}}
	paths := d.candidates()
	if len(paths) == 0 {
		return nil, ctx.Err()
	}
	return installed.Look(ctx, d.Root, paths[0])
}

// A detector is one run of Detect. Each of its methods that run side by side
// fills fields of its own.
type detector struct {
	tree
	request  Request
	host     Host
	notebook *notebook

	lookAtProcesses sync.Once
	processes       []installed.Process

	httpds         []string         // paths found, the one in use first
	apaches        []*Apache        // those of httpds that answered
	configurations []*configuration // of apaches
	apacheErr      error            // why the one in use did not answer
	apxs           []*Headers       // every apxs that answered
	apxsErr        error            // why the last that did not answer did not
	pythonErr      error
	venvErr        error
	locales        []string
}

// program gives the absolute path of a program that was asked for: a bare name
// is searched on PATH and in the sbin folders.
func (d *detector) program(name string) string {
	if name == "" {
		return ""
	}
	if !strings.ContainsRune(name, filepath.Separator) {
		return cmp.Or(d.FirstProgram(name, append(d.SearchPath(), installed.Folders...)), name)
	}
	path, err := d.Absolute(name)
	if err != nil {
		return name
	}
	return path
}

// candidates are the httpd programs to ask: the one asked for alone, else all
// that are found, with the one that runs first. Where there is one only, the
// processes need not be looked at yet.
func (d *detector) candidates() []string {
	if d.request.HTTPD != "" {
		return []string{d.request.HTTPD}
	}
	found := d.findHTTPDs(d.host.Virtualenv, d.notebook)
	if len(found) == 1 {
		return found
	}
	for _, p := range slices.Backward(d.running()) {
		if p.StartedApart() || !d.mayStart(p) {
			continue
		}
		path := p.Named()
		if at := slices.IndexFunc(found, func(other string) bool { return d.Same(other, path) }); at >= 0 {
			path = found[at]
			found = slices.Delete(found, at, at+1)
		}
		found = slices.Insert(found, 0, path)
	}
	return found
}

// mayStart tells whether the program of a process is an httpd that may be
// asked. Anybody can run a program of that name, and what others can change is
// not started.
func (d *detector) mayStart(p installed.Process) bool {
	if !slices.Contains(installed.ProgramNames, filepath.Base(p.Named())) || !d.IsProgram(p.Named()) {
		return false
	}
	return d.passes(trust.RootAndCaller(), p.Named(), "apache", d.notebook)
}

// mayRun tells whether a program that was found, and not asked for, may be run
// and believed: root runs none that others can change.
func (t tree) mayRun(program, subject string, looked *notebook) bool {
	return t.passes(trust.Deciders(), program, subject, looked)
}

func (t tree) passes(trusted trust.Trustees, program, subject string, looked *notebook) bool {
	if !t.IsHere() {
		return true
	}
	err := trusted.Check(program)
	untrusted := (*trust.Untrusted)(nil)
	if !errors.As(err, &untrusted) {
		return true
	}
	if t.IsProgram(program) {
		looked.note(subject, program, "passed over: "+untrusted.Where())
	}
	return false
}

// running lists the servers that run, once for the whole detection.
func (d *detector) running() []installed.Process {
	d.lookAtProcesses.Do(func() {
		d.processes = installed.Running(d.Root)
		for _, p := range d.processes {
			d.notebook.note("running", "/proc/"+strconv.Itoa(p.PID), strings.Join(p.Arguments, " "))
		}
	})
	return d.processes
}

// evidence hands the facts to the checks.
func (d *detector) evidence() *evidence {
	e := &evidence{
		tree: d.tree, Host: &d.host, packages: packagesOf(d.host.System), request: d.request,
		apacheErr: d.apacheErr, apxsErr: d.apxsErr, pythonErr: d.pythonErr, venvErr: d.venvErr,
	}
	if d.host.Apache != nil {
		e.configuration = d.configurations[0]
		e.programArch = d.Architecture(d.host.Apache.Path)
	}
	return e
}

// virtualenv reads the virtualenv asked for, or the one at hand.
func (d *detector) virtualenv() {
	if d.request.Python != "" || d.request.ServerOnly {
		return
	}
	dir := d.virtualenvFolder()
	if dir == "" {
		return
	}
	v, err := d.readVirtualenv(dir)
	if err != nil {
		d.venvErr = err
		d.notebook.note("virtualenv", dir, err.Error())
		return
	}
	d.host.Virtualenv = &v
	d.notebook.note("virtualenv", v.Path, v.Kind+", Python "+v.Version)
}

// virtualenvFolder is the folder that was asked for, or the one at hand; empty
// where none is.
func (d *detector) virtualenvFolder() string {
	switch {
	case d.request.Venv != "":
		if named, err := d.named(d.request.Venv); err == nil {
			return named
		}
		return d.request.Venv
	case d.request.Root != "":
		return "" // the current folder is none of that host
	}
	found, err := FindVirtualenv("")
	switch {
	case errors.Is(err, ErrNoVirtualenv):
		d.notebook.note("virtualenv", "VIRTUAL_ENV, ./.venv, ./venv, ./env, ./*, and above", "none")
	case err != nil:
		d.venvErr = err
		d.notebook.note("virtualenv", ".", err.Error())
	}
	return found
}

// apache asks every httpd, side by side. The one in use is the one asked for,
// else the one that runs, else the first found.
func (d *detector) apache(ctx context.Context) {
	answers := make([]*Apache, len(d.httpds))
	configurations := make([]*configuration, len(d.httpds))
	errs := make([]error, len(d.httpds))
	var group sync.WaitGroup
	for i, path := range d.httpds {
		group.Go(func() {
			answers[i], errs[i] = d.readOrAskHTTPD(ctx, path)
			if errs[i] == nil {
				configurations[i] = d.readConfiguration(answers[i], d.request.Read, d.instance(answers[i]))
			}
		})
	}
	group.Wait()
	for i, answer := range answers {
		switch {
		case errs[i] == nil:
			d.apaches = append(d.apaches, answer)
			d.configurations = append(d.configurations, configurations[i])
			d.noteApache(answer, configurations[i])
		default:
			d.notebook.note("apache", d.httpds[i]+" -V", errs[i].Error())
			if i == 0 {
				d.apacheErr = errs[i]
			}
		}
	}
}

// instance makes a the instance that was asked for, if one was, and gives the
// processes among which its server may be: of another instance only the pid
// file tells.
func (d *detector) instance(a *Apache) []installed.Process {
	if d.request.ServerRoot == "" {
		if d.request.ToServe {
			return nil
		}
		return d.running()
	}
	a.MoveTo(d.request.ServerRoot)
	return nil
}

// headers asks every apxs, side by side.
func (d *detector) headers(ctx context.Context) {
	paths := d.findAPXSs(d.httpds, d.host.Virtualenv, d.notebook)
	if d.request.APXS != "" {
		paths = []string{d.request.APXS}
	}
	answers := make([]*Headers, len(paths))
	errs := make([]error, len(paths))
	var group sync.WaitGroup
	for i, path := range paths {
		group.Go(func() { answers[i], errs[i] = d.askAPXS(ctx, path) })
	}
	group.Wait()
	for i, answer := range answers {
		if errs[i] != nil {
			d.apxsErr = errs[i]
			d.notebook.note("headers", paths[i], errs[i].Error())
			continue
		}
		d.apxs = append(d.apxs, answer)
		d.noteHeaders(answer)
	}
	if len(paths) == 0 {
		d.notebook.note("headers", "apxs, apxs2 beside httpd and on PATH", "none")
	}
}

// python asks one interpreter: the one asked for, the virtualenv's, or the
// first python3 on PATH.
func (d *detector) python(ctx context.Context) {
	path := d.request.Python
	switch {
	case path != "":
	case d.host.Virtualenv != nil:
		path = d.host.Virtualenv.Python()
	default:
		path = d.FirstProgram("python3", d.SearchPath())
	}
	if path == "" {
		d.notebook.note("python", "python3 on PATH", "none")
		return
	}
	p, err := d.readOrAskPython(ctx, path)
	if err != nil {
		d.pythonErr = err
		d.notebook.note("python", path, err.Error())
		return
	}
	p.OthersCanChange = d.othersCanChange(p.places()...)
	d.host.Python = p
	d.notePython(p)
}

// pythons lists the other interpreters, unless one was asked for.
func (d *detector) pythons() {
	if d.request.Python == "" && d.request.Venv == "" {
		d.host.Pythons = d.findPythons(d.notebook)
	}
}

// assemble puts each httpd together with the headers that belong to it.
func (d *detector) assemble() {
	for i, a := range d.apaches {
		for _, h := range d.apxs {
			if a.Headers == nil && d.belongs(h, a) {
				own := *h
				own.Belongs = true
				a.Headers = &own
				a.ModulesDir = cmp.Or(a.ModulesDir, h.LibexecDir)
			}
		}
		if i == 0 && a.Headers == nil && len(d.apxs) > 0 {
			a.Headers = d.apxs[0] // of another httpd: a problem of its own
		}
	}
	if d.apacheErr == nil && len(d.apaches) > 0 {
		d.host.Apache = d.apaches[0]
		for _, other := range d.apaches[1:] {
			d.host.Others = append(d.host.Others, *other)
		}
	}
}

// modules reads the module files of the virtualenv, of Apache's modules
// folder, and those that the configuration loads.
func (d *detector) modules() {
	if v := d.host.Virtualenv; v != nil {
		found, err := d.virtualenvModules(*v, d.libraryPath())
		if err != nil {
			d.notebook.note("modules", v.SitePackages, err.Error())
		}
		d.host.Modules = append(d.host.Modules, found...)
	}
	if a := d.host.Apache; a != nil {
		for _, path := range d.Glob(a.ModulesDir, "mod_wsgi*.so") {
			if !modwsgi.IsBeside(path) {
				d.addModule(path)
			}
		}
		for _, line := range a.Loaded {
			d.addModule(line.Path)
		}
	}
	for _, m := range d.host.Modules {
		d.notebook.note("modules", m.Path, "mod_wsgi "+m.Release+" for Python "+m.Python)
	}
}

func (d *detector) addModule(path string) {
	for _, known := range d.host.Modules {
		if d.Same(known.Path, path) {
			return
		}
	}
	m, err := d.readModule(path, d.libraryPath())
	if err != nil {
		d.notebook.note("modules", path, err.Error())
		return
	}
	d.host.Modules = append(d.host.Modules, m)
}

// libraryPath is LD_LIBRARY_PATH as Apache's envvars sets it.
func (d *detector) libraryPath() []string {
	if len(d.configurations) == 0 {
		return nil
	}
	return hostfiles.NonEmpty(strings.Split(d.configurations[0].environment["LD_LIBRARY_PATH"], ":"))
}
