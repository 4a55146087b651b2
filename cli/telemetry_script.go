package cli

import (
	"fmt"

	"github.com/wsgictl/wsgictl/monitor/sender"
)

type telemetryScriptCommand struct {
	Socket       string  `default:"/run/wsgictl/telemetry.sock" placeholder:"PATH" help:"The socket of the monitor (default: ${default})."`
	Interval     float64 `default:"1" placeholder:"SECONDS" help:"Time between two reports, at least 0.5 (default: ${default})."`
	LogAfter     float64 `default:"30" placeholder:"SECONDS" help:"Write the stack of a request that takes so long to the error log, once; half of request-timeout is good, 0 is never (default: ${default})."`
	SlowRequests float64 `default:"1" placeholder:"SECONDS" help:"Tell each request that takes longer; 0 is none (default: ${default})."`
}

// Help is the long form of the command's help.
func (telemetryScriptCommand) Help() string {
	return `Prints a Python file that has processes tell "wsgictl monitor" what they do, and
where requests are when "wsgictl stuck" asks. mod_wsgi 4.9 and 5.0 need it for
both, mod_wsgi 6 for the second. Load it into each group, in the interpreter of its
application:
  WSGIImportScript /etc/wsgictl/telemetry.py process-group=shop application-group=%{GLOBAL}

Example:
  wsgictl telemetry-script > /etc/wsgictl/telemetry.py`
}

func (c telemetryScriptCommand) Run(s *streams) error {
	options := sender.Options{Socket: c.Socket, Interval: c.Interval, Slow: c.SlowRequests, Log: c.LogAfter}
	if err := options.Check(); err != nil {
		return usageError{fmt.Errorf("--%w", err)}
	}
	_, err := fmt.Fprint(s.stdout, sender.Script(options))
	return err
}
