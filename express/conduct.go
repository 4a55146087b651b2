package express

import (
	"context"

	"github.com/wsgictl/wsgictl/templates"
)

// A conduct is what a server does beside the application, and how long it waits.
type conduct struct {
	timeouts  timeouts
	telemetry telemetry
	services  []service
	proxies   templates.TrustedProxies
}

func settleConduct(ctx context.Context, command Command, logs logging, root serverRoot, who identity) (conduct, error) {
	timeouts, err := settleTimeouts(command)
	if err != nil {
		return conduct{}, err
	}
	telemetry, err := settleTelemetry(command.Options, root, who)
	if err != nil {
		return conduct{}, err
	}
	services, err := settleServices(command.Services, logs, who)
	if err != nil {
		return conduct{}, err
	}
	proxies, err := settleTrustedProxies(ctx, command.TrustedProxies)
	return conduct{timeouts, telemetry, append(services, telemetry.services()...), proxies}, err
}
