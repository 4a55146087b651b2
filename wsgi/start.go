package wsgi

// A Start is how the server of a configuration is started on this machine.
type Start struct {
	Program string // the httpd; empty where it is not known
	Envvars string // the file that sets its variables; empty where there is none

	// Variables are those of Envvars alone.
	Variables map[string]string
}
