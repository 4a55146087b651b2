package wsgi

import "github.com/wsgictl/wsgictl/detect"

// TelemetrySocket is the socket that mod_wsgi sends to; empty where nothing is sent.
func (v *View) TelemetrySocket() string { return detect.TelemetrySocket(v.Config) }

// GroupNames are the daemon process groups in the order of their directives, by
// which mod_wsgi numbers their sockets (wsgi_add_daemon_process).
func (v *View) GroupNames() []string {
	var names []string
	for d := range v.InOrder() {
		if d.Is("WSGIDaemonProcess") {
			names = append(names, d.Word(0))
		}
	}
	return names
}
