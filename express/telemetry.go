package express

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
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
		if pair[0] == "telemetry" {
			return o, errors.New("--enable-telemetry runs a service called telemetry; give the --service-script another name")
		}
	}
	o.TelemetryService = "unix:" + p.in("telemetry.sock")
	o.ServiceScripts = append(o.ServiceScripts, [2]string{"telemetry", p.in(telemetryScript)})
	return o, nil
}

func (p *planner) checkTelemetry(o Options) error {
	v := p.software.venv
	switch {
	case o.EnableTelemetry && (v == nil || !exists(filepath.Join(v.SitePackages, "mod_wsgi", "telemetry"))):
		return errors.New("--enable-telemetry needs the package mod_wsgi-telemetry: pip install mod_wsgi-telemetry")
	case o.TelemetryService != "" && !strings.HasPrefix(o.TelemetryService, "unix:"):
		return fmt.Errorf("--telemetry-service %s: want unix:/PATH", o.TelemetryService)
	case o.SlowRequests != nil && *o.SlowRequests < 0:
		return fmt.Errorf("--slow-requests %g: want 0 or more", *o.SlowRequests)
	case o.SlowRequests != nil && o.TelemetryService == "":
		return errors.New("--slow-requests needs --telemetry-service or --enable-telemetry")
	case o.TelemetryInterval < 0.5:
		return fmt.Errorf("--telemetry-interval %g: want at least 0.5", o.TelemetryInterval)
	}
	return errors.Join(
		p.needs(o.TelemetryService != "", "telemetry-service", "WSGITelemetryService"),
		p.needs(len(o.TelemetryOptions) > 0, "telemetry-options", "WSGITelemetryOptions"),
	)
}

// telemetryScript is the service that --enable-telemetry runs.
const telemetryScript = "telemetry-service.py"

func (p *planner) telemetryFiles() []File {
	if !p.command.EnableTelemetry {
		return nil
	}
	text := fmt.Sprintf(`# Collects what the server reports and shows it at http://127.0.0.1:%[2]d/.

from mod_wsgi.telemetry.server import main

main(["--listen", %[1]q, "--http-host", "127.0.0.1", "--http-port", "%[2]d", "--log-level", "INFO"])
`, p.command.TelemetryService, p.command.TelemetryUIPort)
	return []File{p.file(telemetryScript, text, 0o644)}
}
