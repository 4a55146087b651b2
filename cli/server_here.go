package cli

import (
	"context"
	"fmt"
	"sync"

	"github.com/wsgictl/wsgictl/detect"
	"github.com/wsgictl/wsgictl/httpd/installed"
)

// serverHere gives the Apache of this host, which is looked for once, and only if need
// be; nil where there is none.
func serverHere(ctx context.Context) func() (*installed.Apache, error) {
	return sync.OnceValues(func() (*installed.Apache, error) {
		server, err := detect.Server(ctx)
		if err != nil {
			return nil, fmt.Errorf("find Apache: %w", err)
		}
		return server, nil
	})
}
