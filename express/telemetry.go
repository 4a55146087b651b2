package express

import (
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/templates"
)

// settleTelemetry adds the service that --enable-telemetry runs, with its socket as
// the target, and refuses others in its place.
func (p *planner) settleTelemetry() (Options, error) {
	o := p.command.Options
	if !o.EnableTelemetry {
		return o, nil
	}
	if o.TelemetryService != "" {
		return o, errors.New("--enable-telemetry runs a service of its own; leave --telemetry-service out, or name that service there alone")
	}
	for _, pair := range o.ServiceScripts {
		if pair[0] == telemetryService {
			return o, errors.New("--enable-telemetry runs a service called telemetry; give the --service-script another name")
		}
	}
	o.TelemetryService = "unix:" + p.telemetrySocket()
	o.ServiceScripts = append(o.ServiceScripts, [2]string{telemetryService, p.in(telemetryScript)})
	return o, nil
}

func (p *planner) checkTelemetry(o Options) error {
	switch {
	case o.TelemetryService != "" && !strings.HasPrefix(o.TelemetryService, "unix:"):
		return fmt.Errorf("--telemetry-service %s: want unix:/PATH", o.TelemetryService)
	case o.SlowRequests != nil && *o.SlowRequests < 0:
		return fmt.Errorf("--slow-requests %g: want 0 or more", *o.SlowRequests)
	case o.SlowRequests != nil && o.TelemetryService == "":
		return errors.New("--slow-requests needs --telemetry-service or --enable-telemetry")
	case o.TelemetryInterval < 0.5:
		return fmt.Errorf("--telemetry-interval %g: want at least 0.5", o.TelemetryInterval)
	case o.EnableTelemetry:
		if err := p.checkMonitor(); err != nil {
			return err
		}
	}
	return errors.Join(
		p.needs(o.TelemetryService != "", "telemetry-service", "WSGITelemetryService"),
		p.needs(len(o.TelemetryOptions) > 0, "telemetry-options", "WSGITelemetryOptions"),
	)
}

// checkMonitor refuses a socket whose path is too long, and a program that the
// application's account would run although others than root can change it.
func (p *planner) checkMonitor() error {
	if socket := p.telemetrySocket(); len(socket) > socketLimit {
		return fmt.Errorf("--enable-telemetry: the path %s is too long for a socket by %d bytes; name a shorter --server-root", socket, len(socket)-socketLimit)
	}
	if p.caller.Executable == "" {
		return errors.New("--enable-telemetry starts this program in a process of its own, and the system does not tell where its file is; is /proc mounted?")
	}
	if err := p.trusted.Check(p.caller.Executable); err != nil {
		return fmt.Errorf("--enable-telemetry starts %s: %w", p.caller.Executable, err)
	}
	return nil
}

// Of what --enable-telemetry runs.
const (
	telemetryService = "telemetry"
	telemetryFolder  = "telemetry" // of the server root; the application's account makes the socket in it
	telemetryScript  = "telemetry-service.py"
)

func (p *planner) telemetrySocket() string { return p.in(filepath.Join(telemetryFolder, "socket")) }

// telemetryFolders are the folder of the socket: the server root is root's where
// root starts the server, and the application's account could make none there.
func (p *planner) telemetryFolders() []Folder {
	if !p.command.EnableTelemetry {
		return nil
	}
	return []Folder{{p.in(telemetryFolder), 0o700, true}}
}

// monitorService is the script of the service.
func (p *planner) monitorService(groups []string) templates.MonitorService {
	return templates.MonitorService{
		Program: p.caller.Executable, Listen: net.JoinHostPort("127.0.0.1", strconv.Itoa(p.command.TelemetryUIPort)),
		Socket: p.telemetrySocket(), Groups: groups,
	}
}
