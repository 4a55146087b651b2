package wsgi

import "strings"

// TelemetrySocket is the socket that WSGITelemetryService names; "" where nothing is
// sent.
func (v *View) TelemetrySocket() string {
	d := v.Main().Last("WSGITelemetryService")
	if d == nil {
		return ""
	}
	path, _ := strings.CutPrefix(d.Word(0), "unix:")
	return path
}

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
