package express

import (
	"fmt"

	"github.com/wsgictl/wsgictl/templates"
	"github.com/wsgictl/wsgictl/trust"
)

// An identity is who runs what kind of server, and in which folder.
type identity struct {
	mode       templates.Mode
	account    account        // of the application
	trusted    trust.Trustees // whose files may decide what root does; all of an ordinary caller
	owners     trust.Trustees // who may own the folders that the server root is in
	workingDir string
}

// identify decides it.
func (p *planner) identify() (i identity, err error) {
	o := p.command.Options
	i.mode = o.mode()
	if i.account, err = p.caller.account(o.User, o.Group); err != nil {
		return i, err
	}
	if i.trusted, err = trust.Deciders().And(o.Trusted...); err == nil {
		i.owners, err = trust.RootAndCaller().And(o.Trusted...)
	}
	if err != nil {
		return i, fmt.Errorf("--%w", err)
	}
	i.workingDir = p.caller.abs(o.WorkingDirectory)
	if i.workingDir == "" {
		i.workingDir = p.caller.Dir
	}
	return i, nil
}

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

// inMode are the options with what a mode decides.
func (o Options) inMode(mode templates.Mode) Options {
	o.DebugMode = mode == templates.DebugMode
	o.DisableReloading = o.DisableReloading || mode == templates.EmbeddedMode
	return o
}
