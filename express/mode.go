package express

import "github.com/wsgictl/wsgictl/templates"

// mode is where the application is to run.
func (o Options) mode() templates.Mode {
	switch {
	case o.debugging():
		return templates.DebugMode
	case o.EmbeddedMode:
		return templates.EmbeddedMode
	}
	return templates.DaemonMode
}

// debugging reports whether the server is to run in debug mode.
func (o Options) debugging() bool {
	return o.DebugMode || o.EnableDebugger || o.EnableCoverage || o.EnableProfiler || o.EnableRecorder || o.EnableGDB
}

// reloadsOnChanges tells whether a changed module has the application started again,
// which only processes of its own can be.
func (o Options) reloadsOnChanges() bool {
	return o.ReloadOnChanges && !o.DisableReloading && o.mode() == templates.DaemonMode
}
