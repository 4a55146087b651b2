package cli

import (
	"context"
	"sync"

	"github.com/wsgictl/wsgictl/detect"
)

// builtInHere gives the modules that are compiled into the httpd of this host,
// which is asked once, and only if need be.
func builtInHere(ctx context.Context) func() []string {
	return sync.OnceValue(func() []string {
		host, err := detect.Detect(ctx, detect.Request{ServerOnly: true})
		if err != nil || host.Apache == nil {
			return nil
		}
		return host.Apache.BuiltIn
	})
}
