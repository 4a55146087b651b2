package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"syscall"
	"time"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/system"
	"github.com/wsgictl/wsgictl/trust"
)

// gracefulRestartCommand is what the apachectl of a server root calls for
// "graceful", once the configuration was checked.
type gracefulRestartCommand struct {
	PIDFile string   `name:"pid-file" required:"" placeholder:"FILE" help:"File with the process id of Apache."`
	HTTPD   string   `name:"httpd" required:"" placeholder:"PATH" help:"The httpd program that it runs."`
	MPM     string   `name:"mpm" required:"" enum:"event,worker,prefork" placeholder:"NAME" help:"Its MPM: ${enum}."`
	Config  string   `placeholder:"FILE" predictor:"file" help:"Its configuration, whose certificates and folders for logs are looked at before it is read anew."`
	Trusted []string `name:"trust" placeholder:"USER" help:"Act on what this account can change, too, as root."`
	Drain   int      `name:"drain-limit" default:"6" placeholder:"SECONDS" help:"How long requests under way are waited for; 0 for not at all."`
}

// Help is the long form of the command's help.
func (gracefulRestartCommand) Help() string {
	return `The apachectl script of a server root calls it for "apachectl graceful": Apache reads its
configuration anew, and no request is lost by it.

Example:
  wsgictl graceful-restart --pid-file /etc/wsgi-80/httpd.pid --httpd /usr/sbin/apache2 --mpm worker`
}

func (c gracefulRestartCommand) Run(ctx context.Context, s *streams) error {
	if c.Drain < 0 {
		return usageError{errors.New("--drain-limit: want a number of seconds that is not negative")}
	}
	if err := c.checkTrust(); err != nil {
		return err
	}
	pid := system.RunningPID(c.PIDFile, c.HTTPD)
	if pid == 0 { // a signal to another process, whose number a pid file left behind names, would end it
		return fmt.Errorf("reload Apache: %s names no process that runs %s: start it, or, if another program runs it, send it SIGUSR1", c.PIDFile, c.HTTPD)
	}
	if err := c.check(); err != nil {
		return err
	}
	return system.Reload{
		PID: pid, MPM: c.MPM, Drain: time.Duration(c.Drain) * time.Second,
		Signal: func() error {
			if err := syscall.Kill(pid, syscall.SIGUSR1); err != nil {
				return fmt.Errorf("tell Apache (process %d) to reload: %w", pid, err)
			}
			return nil
		},
		Report: func(text string) { fmt.Fprintln(s.stderr, text) },
	}.Send(ctx)
}

// checkTrust keeps root from acting on the server root of somebody else, who
// says in it which process is to be signalled.
func (c gracefulRestartCommand) checkTrust() error {
	trusted, err := trust.Deciders().And(c.Trusted...)
	if err != nil {
		return usageError{err}
	}
	for _, path := range []string{c.PIDFile, c.Config} {
		if path == "" {
			continue
		}
		var untrusted *trust.Untrusted
		if err := trusted.Check(path); errors.As(err, &untrusted) {
			return fmt.Errorf("nothing was reloaded: %w; root signals no process that others name: run it as the account that the server belongs to", untrusted)
		}
	}
	return nil
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
