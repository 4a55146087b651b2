package cli

import (
	"fmt"
	"path/filepath"

	"github.com/wsgictl/wsgictl/roll/ready"
)

type readyScriptCommand struct {
	Script         []string `arg:"" placeholder:"FILE" help:"WSGI scripts that the processes load, as the configuration names them."`
	CallableObject string   `default:"application" placeholder:"NAME" help:"Name of the application in them (default: ${default})."`
	Health         string   `placeholder:"URL" help:"An address of the application, such as https://shop.example.org/healthz, that it has to answer with 2xx or 3xx before clients are served. It is asked within the process and not through Apache."`
	MountPoint     string   `placeholder:"PATH" help:"With --health: URL path below which the application answers (default: /)."`
}

// Help is the long form of the command's help.
func (readyScriptCommand) Help() string {
	return `Prints a Python file by which a daemon process says that it has loaded its
applications, as "wsgictl restart" wants to know. Load it behind them, in their
interpreter:
  WSGIScriptAlias / /srv/shop/wsgi.py process-group=shop application-group=%{GLOBAL}
  WSGIImportScript /etc/wsgictl/shop-ready.py process-group=shop application-group=%{GLOBAL}

A new process whose application does not work takes no requests while others of its
group do. It ends after a minute, so that Apache starts another one.

Example:
  wsgictl ready-script /srv/shop/wsgi.py > /etc/wsgictl/shop-ready.py`
}

func (c readyScriptCommand) Run(s *streams) error {
	health, err := ready.ParseHealth(c.Health, c.MountPoint)
	if err != nil {
		return usageError{err}
	}
	var applications []ready.Application
	for _, script := range c.Script {
		path, err := filepath.Abs(script)
		if err != nil {
			return fmt.Errorf("find %s: %w", script, err)
		}
		a := ready.Application{Script: path, Callable: c.CallableObject, Health: health}
		if err := a.Check(); err != nil {
			return usageError{err}
		}
		applications = append(applications, a)
	}
	_, err = fmt.Fprint(s.stdout, ready.Script(applications...))
	return err
}
