package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/wsgictl/wsgictl/system"
)

// gracefulRestartCommand is what the apachectl of a server root calls for
// "graceful", once the configuration was checked.
type gracefulRestartCommand struct {
	PIDFile string `name:"pid-file" required:"" placeholder:"FILE" predictor:"file" help:"File with the process id of Apache."`
	MPM     string `name:"mpm" required:"" enum:"event,worker,prefork" placeholder:"NAME" help:"Its MPM: ${enum}."`
	Drain   int    `name:"drain-limit" default:"6" placeholder:"SECONDS" help:"How long requests under way are waited for; 0 for not at all."`
}

// Help is the long form of the command's help.
func (gracefulRestartCommand) Help() string {
	return `The apachectl script of a server root calls it for "apachectl graceful": Apache reads its
configuration anew, and no request is lost by it.

Example:
  wsgictl graceful-restart --pid-file /etc/wsgi-80/httpd.pid --mpm worker`
}

func (c gracefulRestartCommand) Run(ctx context.Context, s *streams) error {
	if c.Drain < 0 {
		return usageError{errors.New("--drain-limit: want a number of seconds that is not negative")}
	}
	text, err := os.ReadFile(c.PIDFile)
	if err != nil {
		return err
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || pid <= 1 {
		return fmt.Errorf("%s: want the process id of Apache, and not %.20q", c.PIDFile, text)
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
