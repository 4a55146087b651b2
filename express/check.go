package express

import (
	"context"
	"fmt"

	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/templates"
)

// checkOptions refuses options that exclude each other, that cannot have an
// effect, and values that Apache would not take.
func (p *planner) checkOptions(ctx context.Context) error {
	for _, check := range []func(Options) error{checkValues, checkWords, p.checkHTTPS, p.checkTelemetry, p.checkAccess, p.checkPython, p.checkDaemonOptions, p.checkEffects} {
		if err := check(p.command.Options); err != nil {
			return err
		}
	}
	if err := p.checkLogLevel(ctx); err != nil {
		return err
	}
	return p.checkAddresses(ctx)
}

// needs refuses an option whose directive the mod_wsgi in use does not know.
func (p *planner) needs(given bool, option, directive string) error {
	if !given {
		return nil
	}
	if _, err := modwsgi.LookupDirective(directive, p.software.release); err != nil {
		return fmt.Errorf("--%s: %w", option, err)
	}
	return nil
}

// checkEffects tells of options that other options, or this Apache, undo.
func (p *planner) checkEffects(o Options) error {
	if o.ReloadOnChanges && !p.handler().ReloadOnChanges {
		p.note("--reload-on-changes has no effect in debug mode, in embedded mode and with --disable-reloading: start the server again after a change.")
	}
	if o.HTTP2 && p.software.mpm == "prefork" {
		p.note("--http2 has no effect with the MPM prefork; name another with --server-mpm.")
	}
	if len(o.IgnoreActivity) > 0 && o.InactivityTimeout == 0 {
		p.note("--ignore-activity has no effect without --inactivity-timeout.")
	}
	if o.HTTP2 && o.ChunkedRequest && p.mode == templates.DaemonMode {
		p.note("--chunked-request: what comes by HTTP/2 without a length is refused (411), for mod_wsgi would lose it; HTTP/1.1 takes it.")
	}
	p.tellCautions()
	return nil
}

// check looks at the host.
func (p *planner) check(ctx context.Context) error {
	for _, check := range []func() error{p.checkPlaces, p.checkLibpython, p.checkReadable, func() error { return p.checkCoverage(ctx) }, p.checkFiles, p.checkPrograms, p.checkPort} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}
