package templates

// Listen is the line that makes Apache listen on a port, to stand at server
// level, once.
func Listen(port int) (string, error) {
	return execute("listen.conf.tmpl", port)
}
