package cli

import (
	"fmt"
	"path/filepath"
	"unicode/utf8"

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
	switch {
	case !filepath.IsAbs(c.Socket) || !utf8.ValidString(c.Socket):
		return usageError{fmt.Errorf("--socket %q: want an absolute path, in UTF-8", c.Socket)}
	case c.Interval < 0.5 || c.Interval > 3600:
		return usageError{fmt.Errorf("--interval %g: want 0.5 to 3600 seconds", c.Interval)}
	case c.SlowRequests < 0 || c.SlowRequests > 86400:
		return usageError{fmt.Errorf("--slow-requests %g: want 0 to 86400 seconds", c.SlowRequests)}
	case c.LogAfter < 0 || c.LogAfter > 86400:
		return usageError{fmt.Errorf("--log-after %g: want 0 to 86400 seconds", c.LogAfter)}
	}
	_, err := fmt.Fprint(s.stdout, sender.Script(sender.Options{Socket: c.Socket, Interval: c.Interval, Slow: c.SlowRequests, Log: c.LogAfter}))
	return err
}
