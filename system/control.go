package system

import (
	"context"
	"errors"
	"fmt"

	"github.com/wsgictl/wsgictl/httpd/installed"
)

// Start starts Apache; where it does not come up, the error has what its log says.
func (a *Apache) Start(ctx context.Context) error { return a.withLog(a.Server.Start(ctx)) }

// Stop stops Apache; where it does not, the error has what its log says.
func (a *Apache) Stop(ctx context.Context) error { return a.withLog(a.Server.Stop(ctx)) }

func (a *Apache) withLog(err error) error {
	if late := (*installed.NotDone)(nil); errors.As(err, &late) {
		return fmt.Errorf("%w; its error log may say why%s", err, a.lastOfErrorLog())
	}
	return err
}
