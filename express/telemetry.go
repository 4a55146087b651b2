package express

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

func (p *planner) checkTelemetry(o Options) error {
	if o.EnableTelemetry {
		if o.TelemetryService != "" {
			return errors.New("--enable-telemetry runs a service of its own; leave --telemetry-service out, or name that service there alone")
		}
		if v := p.software.venv; v == nil || !exists(filepath.Join(v.SitePackages, "mod_wsgi", "telemetry")) {
			return errors.New("--enable-telemetry needs the package mod_wsgi-telemetry: pip install mod_wsgi-telemetry")
		}
		for _, pair := range o.ServiceScripts {
			if pair[0] == "telemetry" {
				return errors.New("--enable-telemetry runs a service called telemetry; give the --service-script another name")
			}
		}
		p.addTelemetryService()
		o = p.command.Options
	}
	switch {
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

// addTelemetryService adds the service, and its socket as the target.
func (p *planner) addTelemetryService() {
	socket := p.in("telemetry.sock")
	p.command.TelemetryService = "unix:" + socket
	p.command.ServiceScripts = append(p.command.ServiceScripts, [2]string{"telemetry", p.in("telemetry-service.py")})
	p.add("telemetry-service.py", fmt.Sprintf(`# Collects what the server reports and shows it at http://127.0.0.1:%[2]d/.

from mod_wsgi.telemetry.server import main

main(["--listen", %[1]q, "--http-host", "127.0.0.1", "--http-port", "%[2]d", "--log-level", "INFO"])
`, "unix:"+socket, p.command.TelemetryUIPort), 0o644)
}
