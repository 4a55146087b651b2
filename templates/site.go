package templates

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// A Site declares one web application at one address: its virtual host, and
// where its script, its static files and its logs are. The tags are its keys
// in wsgictl.toml and, with the texts of help, its flags.
type Site struct {
	Name   string `toml:"-" kong:"-"`
	Probed bool   `toml:"-" kong:"-"` // its virtual hosts add the name to what [Probe] has a response say
	Daemon string `toml:"daemon" placeholder:"NAME" help:"Daemon process group that serves the site and is declared elsewhere (default: one of its own, declared with it)."`

	Disabled bool `toml:"disabled" kong:"-" help:"Keep the files of the site, and do not serve it, as after a2dissite (default: false)."`

	ServerName  string   `toml:"server-name" placeholder:"NAME" help:"Host name of the site."`
	ServerAlias []string `toml:"server-alias" placeholder:"NAME" help:"A further host name; may start with \"*.\"."`
	Port        int      `toml:"port" placeholder:"PORT" help:"Port for HTTP (default: 80)."`

	Application
	Static
	TLS

	LogDirectory string `toml:"log-directory" placeholder:"DIR" help:"Folder of the logs (default: Apache's)."`
	Logs

	Clients
	TrustedProxies
	Requests
	Responses
	Environ
	Proxies
}

// Render gives the virtual hosts of the site. The daemon process group that it
// names is declared elsewhere, before it, at server level.
func (s Site) Render() (string, error) {
	s = s.withDefaults()
	if err := CheckName("site", s.Name); err != nil {
		return "", err
	}
	if err := s.check(); err != nil {
		return "", fmt.Errorf("site %s: %w", s.Name, err)
	}
	text, err := execute("site.conf.tmpl", s)
	if err != nil {
		return "", fmt.Errorf("site %s: %w", s.Name, err)
	}
	return text, nil
}

// withDefaults fills in what was left out.
func (s Site) withDefaults() Site {
	s.Application = s.Application.withDefaults()
	setDefault(&s.Daemon, s.Name)
	setDefault(&s.Port, 80)
	s.TLS = s.TLS.withDefaults()
	s.Static, s.Clients, s.TrustedProxies = s.Static.withDefaults(), s.Clients.withDefaults(), s.TrustedProxies.withDefaults()
	s.Logs, s.Proxies = s.Logs.withDefaults(), s.Proxies.WithSlashes()
	return s
}

// VirtualHosts are that for HTTP and, with a certificate, that for HTTPS. As long as
// the first certificate is not there, HTTP serves what HTTPS is to serve.
func (s Site) VirtualHosts() []VirtualHost {
	plain := VirtualHost{Port: s.Port, ServerName: s.ServerName, ServerAlias: s.ServerAlias, Site: &s}
	if s.Probed {
		plain.Probe = s.ProbeLine()
	}
	plain.Logs = LogFiles{Logs: s.Logs}
	if s.LogDirectory != "" {
		plain.Logs.Errors = s.ErrorLogFile()
		if s.LogsRequests() {
			plain.Logs.Requests = s.AccessLogFile()
		}
	}
	if !s.HTTPS() {
		return []VirtualHost{plain}
	}
	secure := plain
	secure.Port, secure.TLS = s.HTTPSPort, &s.TLS
	if s.Redirects() {
		plain.Redirect, plain.Moved, plain.Certificate = s.HTTPSAddress(), true, s.ManagedCertificate()
	}
	return []VirtualHost{plain, secure}
}

// HTTPSAddress is the address of the site for browsers, without a path.
func (s Site) HTTPSAddress() string { return Address("https", s.ServerName, s.HTTPSPort) }

// Modules are the Apache modules that the virtual hosts need, sorted.
func (s Site) Modules() []string {
	modules := slices.Concat([]string{"log_config", "wsgi"}, s.Static.modules(), s.Clients.modules(), s.Responses.modules(), s.Environ.modules(), s.Proxies.modules())
	if s.HTTPS() {
		modules = append(modules, "headers", "ssl")
	}
	if s.ACME.ACME != "" {
		modules = append(modules, "md")
	}
	return slices.Compact(slices.Sorted(slices.Values(modules)))
}

// ErrorLogFile and AccessLogFile are the site's own logs.
func (s Site) ErrorLogFile() string  { return path.Join(s.LogDirectory, s.Name+"-error.log") }
func (s Site) AccessLogFile() string { return path.Join(s.LogDirectory, s.Name+"-access.log") }

// What the texts of a site must look like. Apache would take others, and do
// something else than was meant, or nothing.
var (
	plainName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`) })
	hostName  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$`) })
)

// longestName leaves a file room for what is put around the name of a site or a
// daemon process group: a file system takes 255 bytes.
const longestName = 200

// checkName holds that a site or a daemon process group can give files its name.
func CheckName(what, name string) error {
	switch {
	case !plainName().MatchString(name):
		return fmt.Errorf("%s %q: want a name of letters, digits, dots, dashes and underscores", what, name)
	case len(name) > longestName:
		return fmt.Errorf("%s %s: want a name of at most %d letters, for it becomes that of files; here it has %d", what, name, longestName, len(name))
	}
	return nil
}

// check reports what the site lacks, and what Apache would not read as meant.
func (s Site) check() error {
	switch {
	case s.ServerName == "":
		return errors.New("no server-name: give it the host name of the site")
	case !hostName().MatchString(s.ServerName):
		return fmt.Errorf("server-name %q: want a host name; write one beyond ASCII in its xn-- form", s.ServerName)
	case s.LogDirectory != "" && !path.IsAbs(s.LogDirectory):
		return fmt.Errorf("log-directory %s: want an absolute path", s.LogDirectory)
	}
	for _, alias := range s.ServerAlias {
		if !hostName().MatchString(strings.TrimPrefix(alias, "*.")) {
			return fmt.Errorf("server-alias %q: want a host name, which may start with \"*.\"", alias)
		}
	}
	for _, check := range []func() error{
		s.checkPorts, s.TLS.check, s.checkManaged, s.Application.check, s.Clients.check, s.TrustedProxies.check,
		s.checkLogs, s.Requests.Check, s.Responses.check, s.Environ.check,
	} {
		if err := check(); err != nil {
			return err
		}
	}
	if err := s.Proxies.check(s.Application); err != nil {
		return err
	}
	return s.Static.check(s.Application)
}

// checkLogs reports an access log that is described and not written.
func (s Site) checkLogs() error {
	described := s.AccessLogFormat != defaultAccessFormat
	switch asked := s.AccessLog != nil && *s.AccessLog; {
	case !s.LogsRequests() && described:
		return errors.New("access-log-format has no effect without access-log; leave one of them out")
	case s.LogDirectory == "" && (asked || described):
		return errors.New("access-log and access-log-format need log-directory: no Apache is known here whose folder it could be")
	}
	return s.Logs.Check()
}

func (s Site) checkPorts() error {
	switch {
	case s.Port < 1 || s.Port > 65535:
		return fmt.Errorf("port %d: want 1 to 65535", s.Port)
	case s.HTTPSPort < 0 || s.HTTPSPort > 65535:
		return fmt.Errorf("https-port %d: want 1 to 65535", s.HTTPSPort)
	case s.HTTPS() && s.Port == s.HTTPSPort:
		return fmt.Errorf("port and https-port are both %d", s.Port)
	}
	return nil
}

// checkURLPath reports a path that no request has.
func checkURLPath(setting, path string) error {
	if !strings.HasPrefix(path, "/") {
		return fmt.Errorf("%s %s: want the path of a URL, which begins with /", setting, path)
	}
	return nil
}

// URLs are the addresses of the application, the one for HTTP first.
func (s Site) URLs() []string {
	s = s.withDefaults()
	mount := strings.TrimSuffix(s.MountPoint, "/") + "/"
	urls := []string{fmt.Sprintf("http://%s:%d%s", s.ServerName, s.Port, mount)}
	if s.HTTPS() {
		urls = append(urls, fmt.Sprintf("https://%s:%d%s", s.ServerName, s.HTTPSPort, mount))
	}
	return urls
}
