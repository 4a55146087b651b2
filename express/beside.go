package express

import (
	"github.com/wsgictl/wsgictl/installer"
	"github.com/wsgictl/wsgictl/templates"
)

// spoolName is the folder of the server root in which mod_wsgictl keeps what clients
// are slow to send or to read.
const spoolName = "spool"

// beside is the mod_wsgictl that Apache is to load; empty for none. Where Apache's own
// processes run the application, there are no threads that it could free.
func (p plan) beside() string {
	if p.mode != templates.DaemonMode {
		return ""
	}
	return p.module.file.Beside
}

// summarizeBeside says what the server does without, where it has no mod_wsgictl.
func (p plan) summarizeBeside(say func(label, format string, args ...any)) {
	switch {
	case p.beside() != "":
		say("mod_wsgictl", "%s", p.beside())
	case p.mode == templates.DaemonMode:
		say("mod_wsgictl", "none (%s; wsgictl install-module builds it)", installer.WithoutBeside)
	}
}
