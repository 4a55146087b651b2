package express

import (
	"maps"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/templates"
)

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
	if !o.ClosesConnections() {
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

// library is the Python that handler.wsgi and resource.wsgi run on.
func (p *planner) library() library {
	return library{folder: p.in("python/wsgictl_express"), python: p.trustedPython(), series: p.software.module.Python}
}

func (p *planner) libraryFiles() []File {
	texts := templates.PythonFiles()
	var files []File
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		files = append(files, p.file("python/"+name, texts[name], 0o644))
	}
	return files
}
