package detect

import (
	"slices"

	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/trust"
)

// startedApart reports whether a server was started with a configuration of
// its own that is not one of a known layout.
func startedApart(p installed.Process) bool {
	for i, argument := range p.Arguments[:max(0, len(p.Arguments)-1)] {
		value := p.Arguments[i+1]
		if argument == "-d" || argument == "-f" && !slices.ContainsFunc(layouts, func(row layoutRow) bool {
			return slices.ContainsFunc(row.configFiles, func(file string) bool {
				return slices.ContainsFunc(row.serverRoots, func(root string) bool { return below(root, file) == value })
			})
		}) {
			return true
		}
	}
	return false
}

// pidOf gives the pid of the server of an httpd and its own configuration: a
// process that runs it, or the one that its pid file names.
func (t tree) pidOf(a *Apache, running []installed.Process) int {
	instance := installed.Instance{
		Root: t.Root, Program: a.Path, ServerRoot: a.ServerRoot, ConfigFile: a.ConfigFile, PIDFile: a.PIDFile, Trusted: trust.Everyone(),
	}
	for _, p := range running {
		if instance.Runs(p) {
			return p.PID
		}
	}
	process, _ := instance.Process() // without one it is 0
	return process.PID
}
