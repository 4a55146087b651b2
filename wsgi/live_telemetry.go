package wsgi

import (
	"fmt"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/installed"
)

// unheardTelemetry is what the processes report to nobody.
func (v *View) unheardTelemetry() []Disagreement {
	socket := v.TelemetrySocket()
	if socket == "" {
		return nil
	}
	if is, known := installed.Listened("", socket); is || !known {
		return nil
	}
	return []Disagreement{{
		"telemetry-unheard", fmt.Sprintf("WSGITelemetryService sends to %s, where nobody listens: %s", socket, detect.TelemetryLost),
		"Start \"wsgictl monitor\", or remove WSGITelemetryService.",
	}}
}
