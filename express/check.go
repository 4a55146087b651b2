package express

import (
	"context"
	"fmt"
	"slices"

	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/templates"
)

// checkOptions refuses options that exclude each other, that cannot have an
// effect, and values that Apache would not take.
func (p *planner) checkOptions(ctx context.Context) (notes, error) {
	for _, check := range []func(Options) error{checkValues, checkWords, p.checkHTTPS, p.checkTelemetry, p.checkAccess, p.checkPython, p.checkDaemonOptions} {
		if err := check(p.command.Options); err != nil {
			return nil, err
		}
	}
	if err := p.checkLogLevel(ctx); err != nil {
		return nil, err
	}
	return slices.Concat(p.expired(), p.withoutEffect(), p.cautions()), p.checkAddresses(ctx)
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

// withoutEffect tells of options that other options, or this Apache, undo.
func (p *planner) withoutEffect() notes {
	o := p.command.Options
	var undone notes
	for _, option := range []struct {
		is   bool
		note string
	}{
		{o.ReloadOnChanges && !p.handler().ReloadOnChanges,
			"--reload-on-changes has no effect in debug mode, in embedded mode and with --disable-reloading: start the server again after a change."},
		{o.HTTP2 && p.software.mpm == "prefork", "--http2 has no effect with the MPM prefork; name another with --server-mpm."},
		{len(o.IgnoreActivity) > 0 && o.InactivityTimeout == 0, "--ignore-activity has no effect without --inactivity-timeout."},
		{o.HTTP2 && o.ChunkedRequest && p.mode == templates.DaemonMode,
			"--chunked-request: what comes by HTTP/2 without a length is refused (411), for mod_wsgi would lose it; HTTP/1.1 takes it."},
	} {
		if option.is {
			undone = append(undone, option.note)
		}
	}
	return undone
}

// check looks at the host.
func (p *planner) check(ctx context.Context) (notes, error) {
	for _, check := range []func() error{p.checkPlaces, p.checkLibpython, p.checkReadable, p.checkFiles, p.checkPrograms} {
		if err := check(); err != nil {
			return nil, err
		}
	}
	coverage, err := p.checkCoverage(ctx)
	if err != nil {
		return nil, err
	}
	ports, err := p.checkPorts()
	return slices.Concat(coverage, ports), err
}
