package system

import (
	"errors"
	"fmt"
	"path/filepath"
	"syscall"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/trust"
)

// A ServerReload has the Apache of a server root, of which nothing is remembered, read
// its configuration anew.
type ServerReload struct {
	Program string // the httpd that it runs
	Config  string // its configuration, which is looked at before it is read anew; empty for not at all
	PIDFile string
	Trusted trust.Trustees // who may say which process that is
}

// Send reloads, once nothing is found that would end Apache although it accepts the
// configuration.
func (r ServerReload) Send() error {
	process, err := r.process()
	if err == nil {
		err = r.check()
	}
	if err != nil {
		return fmt.Errorf("nothing was reloaded: %w", err)
	}
	if err := process.Signal(syscall.SIGUSR1); err != nil {
		return fmt.Errorf("tell Apache (process %d) to reload: %w", process.PID, err)
	}
	return nil
}

// process is the Apache that is to be signalled. Root does not act on the server
// root of somebody else, who says in it which process that is.
func (r ServerReload) process() (installed.Process, error) {
	for _, path := range []string{r.PIDFile, r.Config} {
		if path == "" {
			continue
		}
		var untrusted *trust.Untrusted
		if err := r.Trusted.Check(path); errors.As(err, &untrusted) {
			return installed.Process{}, fmt.Errorf("%w; root signals no process that others name: run it as the account that the server belongs to", untrusted)
		}
	}
	process, err := installed.Instance{Program: r.Program, ConfigFile: r.Config, PIDFile: r.PIDFile, Trusted: r.Trusted}.Process()
	if err != nil { // a signal to another process would end it
		return installed.Process{}, fmt.Errorf("%w: start Apache, or, if it runs by another name, send it SIGUSR1", err)
	}
	return process, nil
}

func (r ServerReload) check() error {
	if r.Config == "" {
		return nil
	}
	config, err := conf.Read(r.Config, conf.Options{ServerRoot: filepath.Dir(r.Config), Scope: conf.Whole})
	if err != nil {
		return fmt.Errorf("read the configuration: %w", err)
	}
	return CheckFiles(config, func(string) string { return "" })
}
