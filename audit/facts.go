package audit

import (
	"cmp"
	"path"
	"slices"
	"sync"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/wsgi"
)

// facts are what several rules ask of a view, each found when it is first asked
// for, and kept for all passes.
type facts struct {
	*wsgi.View
	profiles profiles

	nameProblems        func() []nameProblem                         // names that the release does not know
	idle                func() groupsByServer                        // groups that nothing runs in
	servesDaemons       func() map[*conf.Directive]bool              // what mounts applications that run in daemons
	asksForUnknownGroup func() bool                                  // whether any application does
	running             func() map[placeOfScript][]*wsgi.Application // in daemons
	refused             func() map[textLine]bool                     // lines that httpd does not take
	joining             func() map[*wsgi.Daemon]int                  // how many embedded applications each idle group waits for
	newGroups           func() map[groupKey]string                   // names of the groups that fixes make
	positions           func() map[*conf.Directive]int               // of groups and aliases
}

func newFacts(v *wsgi.View) *facts {
	f := &facts{View: v}
	f.nameProblems = sync.OnceValue(f.findNameProblems)
	f.idle = sync.OnceValue(f.findIdle)
	f.servesDaemons = sync.OnceValue(f.findServingDaemons)
	f.asksForUnknownGroup = sync.OnceValue(f.anyAsksForUnknownGroup)
	f.running = sync.OnceValue(f.findRunning)
	f.refused = sync.OnceValue(f.findRefused)
	f.joining = sync.OnceValue(daemonFixer{f}.countJoining)
	f.newGroups = sync.OnceValue(f.nameNewGroups)
	f.positions = sync.OnceValue(f.inOrder)
	return f
}

// hosts tells whether the configuration has to do with WSGI at all. Rules about
// Apache's own directives have nothing to say of one that has not.
func (f *facts) hosts() bool { return len(f.Applications) > 0 || len(f.Daemons) > 0 }

// hosting tells of each server, by its Index, whether it has an application.
func (f *facts) hosting() []bool {
	hosts := make([]bool, len(f.Servers))
	for _, a := range f.Applications {
		hosts[a.Server.Index] = true
	}
	return hosts
}

// has tells whether the configuration has any directive of that name, outside
// .htaccess files: most of those that are asked for are rare, and to find out
// what is in effect takes time.
func (f *facts) has(name string) bool {
	for range f.All(name) {
		return true
	}
	return false
}

// isFolder tells whether a script leads to a folder of the host. The way to each is
// looked at once.
func (f *facts) isFolder(script string) bool {
	if f.Rights != nil && path.IsAbs(script) {
		return f.Rights.Route(script).IsFolder()
	}
	return f.Config.IsFolder(script)
}

// firstUse is the first directive by which the configuration uses mod_wsgi, or
// nil.
func (f *facts) firstUse() *conf.Directive {
	var mounts, groups *conf.Directive
	if len(f.Applications) > 0 {
		mounts = f.Applications[0].Via
	}
	if len(f.Daemons) > 0 {
		groups = f.Daemons[0].Directive
	}
	return cmp.Or(groups, mounts)
}

// runsInApache tells whether Apache's own processes run Python code beside
// applications: scripts that decide about access or dispatch, and imports.
func (f *facts) runsInApache() bool {
	for range f.All("WSGIAccessScript", "WSGIAuthUserScript", "WSGIAuthGroupScript", "WSGIDispatchScript") {
		return true
	}
	for _, script := range f.Imports {
		if name, _ := script.Options.Get("process-group"); name == "%{GLOBAL}" {
			return true
		}
	}
	return false
}

// findServingDaemons are the directives that mount an application which runs in a
// daemon, in some section or virtual host.
func (f *facts) findServingDaemons() map[*conf.Directive]bool {
	serving := map[*conf.Directive]bool{}
	for _, a := range f.Applications {
		if a.Mode == wsgi.DaemonMode {
			serving[a.Via] = true
		}
	}
	return serving
}

func (f *facts) anyAsksForUnknownGroup() bool {
	return slices.ContainsFunc(f.Applications, func(a *wsgi.Application) bool { return a.Error == wsgi.CodeGroupUnknown })
}
