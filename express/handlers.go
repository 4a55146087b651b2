package express

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/templates"
)

func (p plan) handler() templates.Handler {
	o := p.command.Options
	h := templates.Handler{
		Root: string(p.root), Library: p.root.in("python"), WorkingDir: p.place.dir,
		Kind: p.app.kind, EntryPoint: p.app.entryPoint, Callable: p.app.callable, MountPoint: p.app.mountPoint,
		Reload:          !o.DisableReloading && p.mode == templates.DaemonMode,
		ReloadOnChanges: o.reloadsOnChanges(),
		Debug:           p.mode == templates.DebugMode,
		Moves:           p.mode != templates.DaemonMode && p.who.isRoot(),
		Debugger:        o.EnableDebugger, DebuggerStartup: o.DebuggerStartup,
		Recorder: p.debugging.recordings, Coverage: p.debugging.coverage, Profiler: p.debugging.profiles,
	}
	if !o.ClosesConnections() {
		h.Ports = p.at.ports()
	}
	if p.mode == templates.DaemonMode {
		h.Patience = p.timeouts.request
	}
	h.Variables = append(h.Variables,
		[2]string{"MOD_WSGI_EXPRESS", "true"},
		[2]string{"MOD_WSGI_SERVER_NAME", p.at.clientName()},
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

func (p plan) resource() templates.Resource {
	r := templates.Resource{Library: p.root.in("python")}
	for _, pair := range p.command.HandlerScripts {
		r.Scripts = append(r.Scripts, [2]string{pair[0], p.who.abs(pair[1])})
	}
	return r
}

// libraryFolders are to be there before Python writes what it compiles.
func libraryFolders(root serverRoot) []Folder {
	folder := root.in(libraryName)
	return []Folder{{folder, 0o755, false}, {filepath.Join(folder, "__pycache__"), 0o755, false}}
}

func libraryFiles(root serverRoot) []File {
	texts := templates.PythonFiles()
	var files []File
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		files = append(files, root.file("python/"+name, texts[name], 0o644))
	}
	return files
}
