package express

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"sync"

	"github.com/wsgictl/wsgictl/templates"
)

// settleEntryPoint decides what is run, and the options that go with it.
func (p *planner) settleEntryPoint() (o Options, entryPoint string) {
	o = p.command.Options
	if o.EntryPoint == "" && len(p.command.Args) > 0 {
		o.EntryPoint = p.command.Args[0]
	}
	switch {
	case o.ApplicationType == "static":
		o.DocumentRoot = cmp.Or(o.DocumentRoot, o.EntryPoint, p.caller.Dir)
		return o, ""
	case o.EntryPoint == "":
		o.ApplicationType, o.CallableObject, o.EnableDocs = "script", "application", true
		return o, p.in(welcomeScript)
	case o.ApplicationType == "module":
		return o, o.EntryPoint
	}
	return o, p.caller.abs(o.EntryPoint)
}

// welcomeScript is the application where there is none.
const welcomeScript = "default.wsgi"

// isWelcome tells whether the welcome page is served.
func (p *planner) isWelcome() bool { return p.entryPoint == p.in(welcomeScript) }

func (p *planner) welcomePage() []File {
	if !p.isWelcome() {
		return nil
	}
	return []File{p.file(welcomeScript, templates.DefaultApplication(), 0o644)}
}

func (p *planner) checkEntryPoint() error {
	o := p.command.Options
	switch {
	case o.ApplicationType == "static" || p.isWelcome():
		return nil
	case o.ApplicationType == "module" && dottedName().MatchString(o.EntryPoint) && !strings.HasSuffix(o.EntryPoint, ".py"):
		return nil
	case o.ApplicationType == "module":
		return fmt.Errorf("entry point %s: want a module as it is imported, such as package.module, or package.module:callable; a file is of --application-type script", o.EntryPoint)
	}
	err := p.unreadable(p.entryPoint)
	switch {
	case errors.Is(err, fs.ErrNotExist) && o.ApplicationType == "script" && dottedName().MatchString(o.EntryPoint) && !strings.HasSuffix(o.EntryPoint, ".py"):
		return fmt.Errorf("entry point %s: there is no such file; for a module, add --application-type module", p.entryPoint)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("entry point %s: there is no such file", p.entryPoint)
	case err != nil:
		return fmt.Errorf("entry point: %w", err)
	}
	return nil
}

// dottedName is a module, as it is imported, and perhaps its callable.
var dottedName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[\pL\pN_]+(\.[\pL\pN_]+)*(:[\pL\pN_.]+(\(.*\))?)?$`)
})

// checkReadable refuses what the application could not read once it runs: its
// processes would exit and be started again forever, and clients would wait.
func (p *planner) checkReadable() error {
	if err := p.checkPythonReadable(); err != nil {
		return err
	}
	return p.checkEntryPoint()
}

func (p *planner) applicationGroup() string {
	if p.command.ApplicationGroup == "" {
		return mainInterpreter
	}
	return p.command.ApplicationGroup
}

const mainInterpreter = "%{GLOBAL}"

// preload reports whether the application can be loaded before the first
// request: not when its interpreter is chosen by the request.
func (p *planner) preload() bool {
	group := p.applicationGroup()
	return group == mainInterpreter || !strings.Contains(group, "%{")
}
