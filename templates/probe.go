package templates

// ProbeHeader is the request header of a probe, and DaemonHeader the response
// header that answers it.
const (
	ProbeHeader  = "Wsgictl-Probe"
	DaemonHeader = "Wsgictl-Daemon"
)

// Probe gives the lines by which a request can see that Apache uses this very
// configuration: to one that carries the mark, the response names the daemon
// process group that it was given to. The mark has letters and digits only.
//
// While the file closing is there, Apache ends each connection with its answer;
// where it is empty, never. Its name has no quotes.
func Probe(mark, closing string) (string, error) {
	return execute("probe.conf.tmpl", map[string]string{"Mark": mark, "Request": ProbeHeader, "Response": DaemonHeader, "Closing": closing})
}
