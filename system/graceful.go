package system

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/wsgictl/wsgictl/httpd/expr"
	"github.com/wsgictl/wsgictl/modwsgi"
)

// graceful lets the running Apache take the configuration up. That no request is
// lost by it is the work of mod_wsgictl, where the server that runs has it.
func (m Manager) graceful(ctx context.Context) error {
	if m.RunningPID() == 0 { // and "-k graceful" would start one, of which nobody would know whether it came up
		return errors.New("Apache was stopped in the middle of the change")
	}
	return m.Graceful(ctx)
}

// noteReload says that requests can be lost by the reload that takes a plan up: where
// the configuration in force has daemon processes, and no mod_wsgictl to wait for them.
func (m Manager) noteReload(s *scope, next Generation) error {
	if s.isWithoutBeside || m.RunningPID() == 0 {
		return nil
	}
	config, err := m.live()
	if err != nil {
		return err
	}
	if !config.Has("WSGIDaemonProcess") || config.HasModule("wsgictl_module") != expr.False {
		return nil
	}
	later := ""
	if slices.ContainsFunc(slices.Collect(maps.Keys(next.Managed)), modwsgi.IsBeside) {
		later = "; those after it wait for them"
	}
	s.notes = append(s.notes, fmt.Sprintf("This reload can lose requests that are under way, since the Apache that runs has no mod_wsgictl%s.", later))
	return nil
}
