package system

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/expr"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/store"
	"github.com/wsgictl/wsgictl/templates"
	"github.com/wsgictl/wsgictl/trust"
)

// loadModule wants mod_wsgi loaded, for every site of the server.
func (d *declaring) loadModule() error {
	if err := d.enableModules(probeModules); err != nil {
		return err
	}
	others, err := d.loadModules()
	if err != nil {
		return err
	}
	own, err := templates.ModuleConfig{LoadFile: d.module.loadFile, Module: d.module.path, Beside: d.module.beside, Spool: d.module.spool}.Render()
	if err != nil {
		return err
	}
	d.in(d.places.Load).put(d.places.Name, withFirstLine(others+own+d.tokens(), ""), rankLoad)
	d.lastWhenOlder()
	return d.replaceOthers()
}

// moduleFile wants the file of the mod_wsgi that Apache is to load, and no other
// one.
func (d *declaring) moduleFile() error {
	inForce, err := d.moduleInForce(d.current.Managed)
	if err != nil {
		return err
	}
	if keeps, err := d.keepsInForce(inForce); err != nil {
		return err
	} else if keeps {
		d.module = *inForce
		d.keepFiles(inForce.files())
	} else {
		d.module = loaded{path: d.bringModule(), loadFile: d.Module.LoadFile, release: d.Module.Release, python: d.Module.Python}
	}
	d.bringBeside()
	for path := range d.left {
		if modwsgi.IsCopy(path) && path != d.module.path && path != d.module.beside {
			d.giveUp(path)
		}
	}
	return nil
}

// keepFiles wants what is wanted already.
func (d *declaring) keepFiles(paths []string) {
	for _, path := range paths {
		if managed, ours := d.current.Managed[path]; ours {
			d.files[path] = managed.Want
		}
	}
}

// bringModule wants the file of the declaration's own mod_wsgi.
func (d *declaring) bringModule() string {
	folder := d.ModulesDir
	if d.Instance { // the modules folder is for all instances, and what one removes the others may need
		folder = d.places.Scripts
		d.files[folder] = Want{PathState: store.NewFolder(0o755), Rank: rankFolder}
	}
	path := filepath.Join(folder, d.Module.FileName())
	d.files[path] = Want{PathState: store.NewFile(d.Module.Content, 0o644), Rank: rankFile}
	return path
}

// lastWhenOlder lets an older release of mod_wsgi come after the configuration
// that it could not read.
func (d *declaring) lastWhenOlder() {
	for path := range d.current.Managed {
		if managed, ok := modwsgi.ParseModuleFile(path); ok && d.module.release.Predates(managed.Release) {
			load := d.files[d.places.Load.File(d.places.Name)]
			load.Rank = rankLast
			d.files[d.places.Load.File(d.places.Name)] = load
		}
	}
}

// loadModules gives the lines that load those of Apache's own modules that any
// site needs, where the layout has no links for it.
func (d *declaring) loadModules() (lines string, err error) {
	if d.places.Load.Enabled != "" {
		return "", nil
	}
	needed := d.external(probeModules)
	for _, site := range d.sites {
		needed = union(needed, d.external(site.modules()))
	}
	files := map[string]string{}
	for _, name := range needed {
		file := "mod_" + name + ".so"
		if !slices.Contains(d.Loadable, file) {
			return "", fmt.Errorf("Apache lacks its module %s: there is no %s in %s; install the package that brings it", name, file, d.ModulesDir)
		}
		files[name] = filepath.Join(d.ModulesDir, file)
	}
	return templates.LoadModules(files)
}

// probeModules are those of Apache's own modules that the probe needs.
var probeModules = []string{"headers"}

// external are those of modules that are neither compiled in nor mod_wsgi.
func (d *declaring) external(modules []string) []string {
	return slices.DeleteFunc(slices.Clone(modules), func(name string) bool { return name == "wsgi" || d.hasBuiltIn(name) })
}

// enableModules wants Apache's own modules enabled, as a2enmod enables them:
// those that each depends on first, its configuration before its module.
func (d *declaring) enableModules(modules []string) error {
	if d.places.Load.Enabled == "" {
		return nil
	}
	e := enabling{declaring: d, rank: rankModule, seen: map[string]bool{}}
	for _, name := range d.external(modules) {
		if err := e.enable(name); err != nil {
			return err
		}
	}
	return nil
}

// forAllSites are the modules whose configuration, as Debian has it, does for each
// site of Apache what one has asked for.
var forAllSites = map[string]bool{"http2": true, "deflate": true}

// An enabling enables modules, each after those that it depends on.
type enabling struct {
	*declaring
	rank int
	seen map[string]bool
}

func (e *enabling) enable(name string) error {
	if e.seen[name] || e.hasBuiltIn(name) {
		return nil
	}
	e.seen[name] = true
	link := filepath.Join(e.places.Load.Enabled, name+e.places.Load.Suffix)
	_, ours := e.current.Managed[link]
	if !ours && e.live.HasModule(name+"_module") == expr.True {
		return nil
	}
	text, err := e.trusted.ReadFile(e.places.Load.File(name), configLimit)
	if untrusted := (*trust.Untrusted)(nil); errors.As(err, &untrusted) {
		return err
	}
	if err != nil {
		return fmt.Errorf("Apache lacks its module %s: %w; install the package that brings it", name, err)
	}
	for _, dependency := range dependencies(string(text)) {
		if err := e.enable(dependency); err != nil {
			return err
		}
	}
	if configuration := name + ".conf"; !forAllSites[name] && isFile(filepath.Join(e.places.Load.Folder, configuration)) {
		e.in(e.places.Load).link(configuration, e.rank)
	}
	e.in(e.places.Load).link(name+e.places.Load.Suffix, e.rank+1)
	e.in(e.places.Load).mark(name, "enabled_by_admin", e.rank+2)
	e.rank += 3
	return nil
}

// configLimit bounds a file that loads a module, in bytes.
const configLimit = 1 << 20

// dependencies are those that a2enmod reads from the first comments of a file:
// "# Depends: setenvif mime".
func dependencies(text string) []string {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if names, found := strings.CutPrefix(line, "# Depends:"); found {
			return strings.Fields(names)
		}
		if line != "" && !strings.HasPrefix(line, "#") {
			break
		}
	}
	return nil
}

// replaceOthers wants no other mod_wsgi to be loaded. One that a package put
// there is disabled; one that a person loads is the person's to take away.
func (d *declaring) replaceOthers() error {
	var others []string
	for _, loaded := range d.Loaded {
		if wholly(d.current.Managed, loaded.File) || loaded.File == d.places.Load.Enabling(d.places.Name) {
			continue
		}
		if !d.isPackages(loaded.File) {
			return fmt.Errorf("%s:%d loads mod_wsgi from %s already: take that line away, so that it is not loaded twice", loaded.File, loaded.Line, loaded.Path)
		}
		others = append(others, loaded.File)
	}
	if d.places.Load.Enabled == "" {
		d.emptyFiles(others)
	} else {
		d.disableModules(others)
	}
	return nil
}

// isPackages tells whether a file is one that packages put there for nothing
// but loading mod_wsgi.
func (d *declaring) isPackages(file string) bool {
	if d.places.Load.Enabled != "" {
		return filepath.Dir(file) == d.places.Load.Enabled && strings.HasSuffix(file, d.places.Load.Suffix) && isLink(file)
	}
	text, err := d.trusted.ReadFile(file, configLimit)
	if err != nil || filepath.Dir(file) != d.places.Load.Folder {
		return false
	}
	for node := range conf.Parse(file, string(text)).Nodes() {
		words := node.Words()
		if node.Kind() == conf.DirectiveLine && (!strings.EqualFold(node.Name(), "LoadModule") || len(words) == 0 || words[0] != "wsgi_module") {
			return false
		}
	}
	return true
}

// emptyFiles wants files to have no directive, where being there is being
// enabled: a package that is upgraded leaves a changed file alone, and would
// bring a removed one back.
func (d *declaring) emptyFiles(files []string) {
	for path, managed := range d.current.Managed {
		if managed.Replaces && managed.Kind == store.File && filepath.Dir(path) == d.places.Load.Folder {
			files = append(files, path)
		}
	}
	for _, file := range files {
		content := withFirstLine("# wsgictl loads the mod_wsgi of the virtualenv instead of the one that this file loaded.\n", "")
		d.files[file] = Want{PathState: store.NewFile(content, 0o644), Rank: rankReplace, Replaces: true}
	}
}

// disableModules wants modules disabled as a2dismod does it: those of the
// enabling links, and those that were disabled before for mod_wsgi's sake.
func (d *declaring) disableModules(links []string) {
	names := d.replaced()
	for _, link := range links {
		names = append(names, strings.TrimSuffix(filepath.Base(link), d.places.Load.Suffix))
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		var files []string
		for _, file := range []string{name + d.places.Load.Suffix, name + ".conf"} {
			path := filepath.Join(d.places.Load.Enabled, file)
			if _, ours := d.current.Managed[path]; ours || isLink(path) {
				files = append(files, file)
			}
		}
		d.in(d.places.Load).disable(name, files, rankReplace)
	}
}

// replaced are the modules that were disabled before for mod_wsgi's sake.
func (d *declaring) replaced() []string {
	var names []string
	for _, path := range slices.Sorted(maps.Keys(d.current.Managed)) {
		managed := d.current.Managed[path]
		name, isLoad := strings.CutSuffix(filepath.Base(path), d.places.Load.Suffix)
		if isLoad && filepath.Dir(path) == d.places.Load.Enabled && managed.Kind == store.Absent && managed.Replaces {
			names = append(names, name)
		}
	}
	return names
}
