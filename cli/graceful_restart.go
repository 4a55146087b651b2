package cli

import (
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
	trusted, err := trust.Deciders().And(c.Trusted...)
	if err != nil {
		return usageError{err}
	}
	return system.ServerReload{Program: c.HTTPD, Config: c.Config, PIDFile: c.PIDFile, Trusted: trusted}.Send()
}
