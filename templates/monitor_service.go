package templates

// A MonitorService declares the script of a server root that shows what its
// processes report. Apache starts it in a process of its own, as the application's
// account, and stops it with the server; that process becomes wsgictl monitor.
type MonitorService struct {
	Program string   // wsgictl, under any name
	Listen  string   // HOST:PORT of the page
	Socket  string   // that the processes send to
	History string   // folder of what was seen
	Groups  []string // in the order of Server.GroupNames
}

// Render gives the script.
func (m MonitorService) Render() (string, error) { return execute("monitor_service.py.tmpl", m) }
