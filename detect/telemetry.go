package detect

import (
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/installed"
)

// TelemetryLost is what follows where telemetry is sent to nobody.
const TelemetryLost = "nothing shows it, and mod_wsgi.request_metrics() and process_metrics() give None to the application"

// TelemetrySocket is what the last WSGITelemetryService names; empty where nothing is
// sent. httpd takes it in the main server alone, and the last one counts there.
func TelemetrySocket(config *conf.Config) string {
	socket := ""
	for service := range config.Named("WSGITelemetryService") {
		socket, _ = strings.CutPrefix(service.Word(0), "unix:")
	}
	return socket
}

// telemetryUnheard is a running server whose processes report to nobody.
func telemetryUnheard(e *evidence) []Problem {
	if e.configuration == nil || e.Apache == nil || e.Apache.PID == 0 || e.configuration.telemetry == "" {
		return nil
	}
	if is, known := installed.Listened(e.Root, e.configuration.telemetry); is || !known {
		return nil
	}
	return one(fmt.Sprintf("WSGITelemetryService sends to %s, where nobody listens", e.configuration.telemetry), TelemetryLost, "start \"wsgictl monitor\", or remove WSGITelemetryService")
}
