package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"syscall"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/system"
	"github.com/wsgictl/wsgictl/trust"
)

// gracefulRestartCommand is what the apachectl of a server root calls for
// "graceful", once the configuration was checked.
type gracefulRestartCommand struct {
	PIDFile string   `name:"pid-file" required:"" placeholder:"FILE" help:"File with the process id of Apache."`
	HTTPD   string   `name:"httpd" required:"" placeholder:"PATH" help:"The httpd program that it runs."`
	Config  string   `placeholder:"FILE" predictor:"file" help:"Its configuration, whose certificates and folders for logs are looked at before it is read anew."`
	Trusted []string `name:"trust" placeholder:"USER" help:"Act on what this account can change, too, as root."`
}

// Help is the long form of the command's help.
func (gracefulRestartCommand) Help() string {
	return `The apachectl script of a server root calls it for "apachectl graceful": Apache reads its
configuration anew, unless it would exit by a certificate or a folder for logs that it names.

Example:
  wsgictl graceful-restart --pid-file /etc/wsgi-80/httpd.pid --httpd /usr/sbin/apache2`
}

func (c gracefulRestartCommand) Run() error {
	process, err := c.process()
	if err != nil {
		return err
	}
	if err := c.check(); err != nil {
		return err
	}
	if err := process.Signal(syscall.SIGUSR1); err != nil {
		return fmt.Errorf("tell Apache (process %d) to reload: %w", process.PID, err)
	}
	return nil
}

// process is the Apache that is to be signalled. Root does not act on the server
// root of somebody else, who says in it which process that is.
func (c gracefulRestartCommand) process() (installed.Process, error) {
	trusted, err := trust.Deciders().And(c.Trusted...)
	if err != nil {
		return installed.Process{}, usageError{err}
	}
	for _, path := range []string{c.PIDFile, c.Config} {
		if path == "" {
			continue
		}
		var untrusted *trust.Untrusted
		if err := trusted.Check(path); errors.As(err, &untrusted) {
			return installed.Process{}, fmt.Errorf("nothing was reloaded: %w; root signals no process that others name: run it as the account that the server belongs to", untrusted)
		}
	}
	instance := installed.Instance{Program: c.HTTPD, ConfigFile: c.Config, PIDFile: c.PIDFile, Trusted: trusted}
	process, err := instance.Process()
	if err != nil { // a signal to another process would end it
		return installed.Process{}, fmt.Errorf("nothing was reloaded: %w: start Apache, or, if it runs by another name, send it SIGUSR1", err)
	}
	return process, nil
}

// check refuses what would end Apache although it accepts the configuration.
func (c gracefulRestartCommand) check() error {
	if c.Config == "" {
		return nil
	}
	config, err := conf.Read(c.Config, conf.Options{ServerRoot: filepath.Dir(c.Config), Scope: conf.Whole})
	if err != nil {
		return fmt.Errorf("read the configuration: %w", err)
	}
	if err := system.CheckFiles(config, func(string) string { return "" }); err != nil {
		return fmt.Errorf("nothing was reloaded: %w", err)
	}
	return nil
}
