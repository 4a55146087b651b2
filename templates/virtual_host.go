package templates

// A VirtualHost is one <VirtualHost> section. A field that is empty asks for no
// line.
type VirtualHost struct {
	Port        int
	Comment     string
	ServerName  string
	ServerAlias []string
	Logs        LogFiles
	Probe       string // the line by which it answers a [Probe]
	TLS         *TLS   // for HTTPS

	Redirect string // everything goes there: "https://example.com:8443"
	Moved    bool   // with Redirect, forever
	// Certificate, with Redirect, is the file without which nothing goes there yet, and
	// all is served here.
	Certificate string
	// Unproxied, with Redirect, keeps the server's proxies from what is to be
	// redirected: mod_proxy takes its paths before mod_alias looks.
	Unproxied bool

	Deny     bool
	Local    bool // with Deny, let this machine in
	Proxy    string
	Services []Service
	Site     *Site // what it serves, unless it redirects; nil for what the main server does
}
