package templates

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// A Site declares one web application at one address: its virtual host, and
// where its script, its static files and its logs are. The tags are its keys
// in wsgictl.toml and, with the texts of help, its flags.
type Site struct {
	Name   string `toml:"-" kong:"-"`
	Daemon string `toml:"daemon" placeholder:"NAME" help:"Daemon process group that serves the site (default: the site's name)."`

	ServerName  string   `toml:"server-name" placeholder:"NAME" help:"Host name of the site."`
	ServerAlias []string `toml:"server-alias" placeholder:"NAME" help:"A further host name; may start with \"*.\"."`
	Port        int      `toml:"port" placeholder:"PORT" help:"Port for HTTP (default: 80)."`

	Application
	URLAlias []URLAlias `toml:"url-alias" name:"url-alias" placeholder:"URL PATH" help:"Serve the files at PATH, not the application, for URL; a folder unless the last part of URL has a dot."`

	HTTPSPort             int    `toml:"https-port" placeholder:"PORT" help:"Port for HTTPS (default: 443)."`
	SSLCertificateFile    string `toml:"ssl-certificate-file" placeholder:"FILE" help:"Certificate, with its chain; it makes the site an HTTPS site."`
	SSLCertificateKeyFile string `toml:"ssl-certificate-key-file" placeholder:"FILE" help:"Key of the certificate."`
	HTTPSOnly             *bool  `toml:"https-only" negatable:"" help:"Redirect HTTP to HTTPS (default: yes, for an HTTPS site)."`
	HSTSPolicy            string `toml:"hsts-policy" placeholder:"POLICY" help:"Strict-Transport-Security header of an HTTPS site, or \"off\" (default: max-age=31536000)."`

	LogDirectory string `toml:"log-directory" placeholder:"DIR" help:"Folder of the logs (default: Apache's)."`

	LimitRequestBody   *int64 `toml:"limit-request-body" placeholder:"BYTES" help:"Largest request body; 0 for any (default: 10485760)."`
	RequestReadTimeout string `toml:"request-read-timeout" placeholder:"TIMES" help:"Time for a client to send its request, as the directive takes it (default: header=15-30,MinRate=500 body=15,MinRate=500)."`

	TrustedProxy       []string `toml:"trusted-proxy" placeholder:"ADDRESS" help:"Address or network of a proxy whose headers tell the client's address and scheme."`
	TrustedProxyHeader []string `toml:"trusted-proxy-header" placeholder:"NAME" help:"Header that the trusted proxy sets (default: X-Forwarded-For and X-Forwarded-Proto)."`
}

// A URLAlias maps a URL path to a folder, or to one file where the last part
// of the URL path has a dot and no slash follows it.
type URLAlias struct {
	URL  string `toml:"url"`
	Path string `toml:"path"`
}

// IsFile tells a mapping of one file from one of a folder.
func (a URLAlias) IsFile() bool {
	return strings.Contains(path.Base(a.URL), ".") && !strings.HasSuffix(a.URL, "/")
}

// Folder and File are the two parts of the path of a mapping of one file.
func (a URLAlias) Folder() string { return path.Dir(a.Path) }
func (a URLAlias) File() string   { return path.Base(a.Path) }

// trimmed is the mapping with neither slash at its end: with one on either
// side only, Apache would put names together wrongly.
func (a URLAlias) trimmed() URLAlias {
	if a.IsFile() {
		return a
	}
	return URLAlias{URL: trimSlash(a.URL), Path: trimSlash(a.Path)}
}

// The values of a site where nothing else is asked for.
const (
	defaultHSTSPolicy         = "max-age=31536000"
	defaultLimitRequestBody   = 10 << 20 // bytes
	defaultRequestReadTimeout = "header=15-30,MinRate=500 body=15,MinRate=500"
	defaultMountPoint         = "/"
)

// withDefaults fills in what was left out.
func (s Site) withDefaults() Site {
	setDefault(&s.Daemon, s.Name)
	setDefault(&s.Port, 80)
	setDefault(&s.HTTPSPort, 443)
	setDefault(&s.MountPoint, defaultMountPoint)
	setDefault(&s.HSTSPolicy, defaultHSTSPolicy)
	setDefault(&s.RequestReadTimeout, defaultRequestReadTimeout)
	if s.LimitRequestBody == nil {
		s.LimitRequestBody = new(int64(defaultLimitRequestBody))
	}
	if s.HTTPSOnly == nil {
		s.HTTPSOnly = new(true)
	}
	if len(s.TrustedProxy) > 0 && len(s.TrustedProxyHeader) == 0 {
		s.TrustedProxyHeader = []string{"X-Forwarded-For", "X-Forwarded-Proto"}
	}
	s.URLAlias = specificFirst(s.URLAlias)
	return s
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// specificFirst puts a mapping before those whose URL path begins its own,
// since Apache takes the first that fits.
func specificFirst(aliases []URLAlias) []URLAlias {
	sorted := make([]URLAlias, 0, len(aliases))
	for _, alias := range aliases {
		sorted = append(sorted, alias.trimmed())
	}
	slices.SortFunc(sorted, func(a, b URLAlias) int { return strings.Compare(b.URL, a.URL) })
	return sorted
}

// HTTPS tells whether the site has a certificate.
func (s Site) HTTPS() bool { return s.SSLCertificateFile != "" }

// check reports what the site lacks, and what Apache would not read as meant.
func (s Site) check() error {
	if s.ServerName == "" {
		return fmt.Errorf("site %s: no server-name", s.Name)
	}
	if s.HTTPS() != (s.SSLCertificateKeyFile != "") {
		return fmt.Errorf("site %s: ssl-certificate-file and ssl-certificate-key-file belong together", s.Name)
	}
	return nil
}

// HTTPSAddress is the address of the site for browsers, without a path.
func (s Site) HTTPSAddress() string {
	if s.HTTPSPort == 443 {
		return "https://" + s.ServerName
	}
	return fmt.Sprintf("https://%s:%d", s.ServerName, s.HTTPSPort)
}

// ErrorLog and AccessLog are the site's own logs.
func (s Site) ErrorLog() string  { return path.Join(s.LogDirectory, s.Name+"-error.log") }
func (s Site) AccessLog() string { return path.Join(s.LogDirectory, s.Name+"-access.log") }
