package express

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/wsgictl/wsgictl/roll/ready"
	"github.com/wsgictl/wsgictl/templates"
)

// readyScript is the file by which processes say that they have loaded the application;
// empty where they serve before they have.
func (p plan) readyScript() string {
	if p.mode != templates.DaemonMode || p.app.isStatic() || !preloads(p.interpreter()) {
		return ""
	}
	return p.root.in(readyName)
}

func (p plan) interpreter() string { return cmp.Or(p.command.ApplicationGroup, mainInterpreter) }

const readyName = "ready.py"

// checkHealth refuses a check that nothing would make.
func (p plan) checkHealth() error {
	switch health := p.command.Health; {
	case health == "":
		return nil
	case !strings.HasPrefix(health, "/"):
		return fmt.Errorf("--health %s: want a URL path that begins with a slash", health)
	case p.readyScript() == "":
		return errors.New("--health is asked of processes that load the application before they serve: daemon mode, and an --application-group without %{…}")
	}
	return nil
}

// readyFiles are that file.
func (p plan) readyFiles() ([]File, error) {
	if err := p.checkHealth(); err != nil || p.readyScript() == "" {
		return nil, err
	}
	application := ready.Application{Script: p.root.in("handler.wsgi"), Callable: "handle_request"}
	if p.command.Health != "" {
		var err error
		if application.Health, err = p.health(); err != nil {
			return nil, err
		}
	}
	return []File{p.root.file(readyName, ready.Script(application), 0o644)}, nil
}

// health is asked as clients ask for it: handler.wsgi gets the whole path.
func (p plan) health() (ready.Health, error) {
	address := templates.Address("http", p.at.name(), p.at.port)
	if p.at.httpsPort != 0 {
		address = templates.Address("https", p.at.name(), p.at.httpsPort)
	}
	return ready.ParseHealth(address+strings.TrimSuffix(p.app.mountPoint, "/")+p.command.Health, "")
}
