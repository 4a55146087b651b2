package detect

import (
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/trust"
)

// A configuration is what detection takes from the configuration of an Apache. It
// asks no httpd, so that a broken configuration, or one that needs the variables of
// envvars, is no obstacle. Defines of httpd's command line are not known.
type configuration struct {
	environment  map[string]string // of envvars
	loadedFiles  []string          // LoadFile, absolute
	scripts      []string          // files that WSGIScriptAlias names
	socketPrefix string            // absolute, of WSGISocketPrefix; empty without one
	daemonUsers  []string          // user= of WSGIDaemonProcess, "" without one
	daemons      []daemonProcess
	locales      []string // locale= and lang= of WSGIDaemonProcess
	telemetry    string   // socket that WSGITelemetryService names
	unread       []Look   // what could not be read
}

// readConfiguration fills in what envvars and the configuration tell, which is read
// by a function where one is given, and the pid of the server that uses them.
func (t tree) readConfiguration(a *Apache, read func(string, conf.Options) (*conf.Config, error), running []installed.Process) *configuration {
	c := &configuration{}
	var err error
	if c.environment, err = a.Environment(t.Root, trust.Everyone()); err != nil {
		c.noteUnread(a.EnvVars, err)
	}
	if read == nil {
		read = conf.Read
	}
	options := a.Options(t.Root, c.environment)
	options.Unchecked = true
	config, err := read(a.ConfigFile, options)
	if err != nil {
		c.noteUnread(a.ConfigFile, err)
	} else {
		a.Configure(t.Root, config)
		c.take(a, config)
	}
	a.PID = t.pidOf(a, running)
	return c
}

func (c *configuration) noteUnread(place string, err error) {
	c.unread = append(c.unread, Look{Subject: "apache", Place: place, Found: "cannot be read: " + err.Error()})
}

// take takes what the directives of mod_wsgi say of the host, and what is loaded.
func (c *configuration) take(a *Apache, config *conf.Config) {
	for _, link := range config.Unread {
		c.unread = append(c.unread, Look{Subject: "apache", Place: link.Pos.String(), Found: link.Directive + " cannot be read in full"})
	}
	if errors := config.Errors(); len(errors) > 0 { // httpd stops at the first
		c.unread = append(c.unread, Look{Subject: "apache", Place: errors[0].Pos.String(), Found: errors[0].Message})
	}
	for _, load := range config.Loads {
		if load.Word(0) == "wsgi_module" {
			at := load.Pos()
			a.Loaded = append(a.Loaded, Loaded{Path: installed.Below(config.ServerRoot, load.Word(1)), File: at.File, Line: at.Line})
		}
	}
	for _, load := range config.LoadFiles {
		for _, word := range load.Words() {
			c.loadedFiles = append(c.loadedFiles, installed.Below(config.ServerRoot, word))
		}
	}
	for _, name := range []string{"WSGIScriptAlias", "WSGIScriptAliasMatch"} {
		for alias := range config.Named(name) {
			if script := alias.Word(1); script != "" && !strings.Contains(script, "$") {
				c.scripts = append(c.scripts, script)
			}
		}
	}
	for prefix := range config.Named("WSGISocketPrefix") {
		c.socketPrefix = installed.Below(config.ServerRoot, prefix.Word(0))
	}
	c.telemetry = TelemetrySocket(config)
	for daemon := range config.Named("WSGIDaemonProcess") {
		c.daemon(daemon)
	}
}

// A daemonProcess is a WSGIDaemonProcess, by what decides its working folder.
type daemonProcess struct {
	name, user, home string // the latter two empty where they are not given
	chroot           bool
}

// daemon takes of a daemon process group what depends on the host. Without user= its
// processes run as Apache's own user, which is "" here.
func (c *configuration) daemon(directive *conf.Directive) {
	name, options, _ := conf.SplitRaw(directive.Args, 1)
	if len(name) == 0 {
		return // httpd does not start
	}
	daemon := daemonProcess{name: name[0]}
	daemon.user, _ = options.Get("user")
	daemon.home, _ = options.Get("home")
	_, daemon.chroot = options.Get("chroot")
	for option := range options.Effective() {
		if option.Name == "locale" || option.Name == "lang" {
			c.locales = appendNew(c.locales, option.Value)
		}
	}
	c.daemonUsers = appendNew(c.daemonUsers, daemon.user)
	c.daemons = append(c.daemons, daemon)
}

func appendNew(words []string, word string) []string {
	if slices.Contains(words, word) {
		return words
	}
	return append(words, word)
}
