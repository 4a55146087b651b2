package cli

import (
	"fmt"

	"github.com/wsgictl/wsgictl/system"
)

// systemFlags are common to all commands that change the system's Apache.
type systemFlags struct {
	HTTPD      string `name:"httpd" placeholder:"PATH" help:"The httpd program (default: the one that runs, else the first found)."`
	ServerRoot string `placeholder:"DIR" help:"Another instance of Apache than the one httpd is compiled for: its server root."`
	State      string `placeholder:"DIR" help:"Where to remember what was done (default: a folder of /var/lib/wsgictl)."`
	trustFlags
}

// resumable is true: the journal of the change, and of what was made for it,
// tells the next command what this one has left.
func (systemFlags) resumable() bool { return true }

// A purpose is what a command opens the Apache for.
type purpose bool

const (
	toLook   purpose = false // and change nothing at all
	toChange purpose = true
)

// request is what system is asked for.
func (f systemFlags) request(s *streams, why purpose) system.Request {
	return system.Request{
		HTTPD: f.HTTPD, ServerRoot: f.ServerRoot, State: f.State, Trust: f.Trust,
		Release: currentBuild().Version, Change: why == toChange,
		Report: func(text string) { fmt.Fprintf(s.stderr, "%s\n", text) },
		Hold:   func() (func(), error) { return s.signals.hold(f) },
	}
}
