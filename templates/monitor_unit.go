package templates

// A MonitorUnit declares the systemd unit that runs wsgictl monitor for the system's
// Apache, as an account that systemd makes for it and that has no rights.
type MonitorUnit struct {
	Program string   // wsgictl, under any name
	Words   []string // of its command line, behind monitor
	Folder  string   // of the socket, below /run
	Token   string   // file that root alone may read; "" without one
}

// Render gives the unit.
func (u MonitorUnit) Render() (string, error) { return execute("monitor_unit.service.tmpl", u) }
