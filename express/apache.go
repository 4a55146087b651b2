package express

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/templates"
)

// An apache is the httpd of a server, with the MPM that it is to load.
type apache struct {
	installed.Apache
	mpm string
}

// findApache looks for the httpd that was named, else for that of a virtualenv or of
// this machine. It refuses one that root must not run.
func findApache(ctx context.Context, o Options, who identity, bundled string) (apache, error) {
	httpd := o.HTTPDExecutable
	if name := who.env("HTTPD"); name != "" {
		httpd = name
	}
	found, err := installed.Locate(ctx, httpd, bundled)
	if err != nil {
		return apache{}, err
	}
	if o.ModulesDirectory != "" {
		found.ModulesDir = who.abs(o.ModulesDirectory)
		found.MPMs = mpmsIn(found.ModulesDir)
	}
	mpm, err := chooseMPM(found, o)
	if err != nil {
		return apache{}, err
	}
	a := apache{found, mpm}
	return a, who.checkUses(a.uses(nil))
}

// moduleFile is where a module of Apache's is, if it is no part of httpd.
func (a apache) moduleFile(name string) string {
	if name == "php5" {
		return filepath.Join(a.ModulesDir, "libphp5.so")
	}
	return filepath.Join(a.ModulesDir, "mod_"+name+".so")
}

// hasBuiltIn reports whether each server of this httpd has a module. Httpd is
// asked where its files do not tell.
func (a apache) hasBuiltIn(ctx context.Context, name string) (bool, error) {
	if slices.Contains([]string{"core", "http", "so", "wsgi"}, name) {
		return true, nil
	}
	if exists(a.moduleFile(name)) {
		return false, nil
	}
	looked, err := installed.Look(ctx, "", a.Path)
	if err != nil {
		return false, err
	}
	return slices.Contains(looked.BuiltIn, name), nil
}

// uses are what root runs and loads of it.
func (a apache) uses(modules []templates.ServerModule) []use {
	uses := []use{
		{option: "httpd-executable", path: a.Path, how: "it is run"},
		{option: "modules-directory", path: a.ModulesDir, how: "modules are loaded from it"},
	}
	for _, module := range modules {
		uses = append(uses, use{option: "modules-directory", path: module.Path, how: "it is loaded"})
	}
	return uses
}

// MPMs in the order in which they are taken. Worker comes first: event closes
// idle connections when all of its threads are busy, and clients that send
// their next request at that moment see an error. A debugger wants the single
// process to have a single thread, which is the main one with prefork only.
var (
	mpmOrder      = []string{"worker", "event", "prefork"}
	debugOrder    = []string{"prefork", "worker"}
	embeddedOrder = []string{"worker", "prefork"}
)

func chooseMPM(a installed.Apache, o Options) (string, error) {
	order := mpmOrder
	switch {
	case o.WithPHP5, o.debugging():
		order = debugOrder
	case o.EmbeddedMode && len(o.ServerMPM) == 0:
		order = embeddedOrder
	}
	if a.MPMBuiltIn && len(a.MPMs) == 0 {
		if len(o.ServerMPM) > 0 && !slices.Contains(o.ServerMPM, a.MPM) {
			return "", fmt.Errorf("--server-mpm %s: this httpd has %s built in", o.ServerMPM[0], a.MPM)
		}
		return a.MPM, nil
	}
	for _, name := range order {
		if slices.Contains(a.MPMs, name) && (len(o.ServerMPM) == 0 || slices.Contains(o.ServerMPM, name) || o.debugging()) {
			return name, nil
		}
	}
	return "", fmt.Errorf("find an MPM: wanted %s, and %s has %s: name one that is there with --server-mpm, or the folder of Apache's modules with --modules-directory",
		strings.Join(append(o.ServerMPM, order...), ", "), a.ModulesDir, cmp.Or(strings.Join(a.MPMs, ", "), "none"))
}

func mpmsIn(dir string) []string {
	var found []string
	for _, name := range mpmOrder {
		if _, err := os.Stat(filepath.Join(dir, "mod_mpm_"+name+".so")); err == nil {
			found = append(found, name)
		}
	}
	return found
}
