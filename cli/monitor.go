package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/wsgictl/wsgictl/monitor"
	"github.com/wsgictl/wsgictl/monitor/history"
)

type monitorCommand struct {
	Path        string   `arg:"" optional:"" help:"A server root or a configuration file (default: the server of this host)."`
	Listen      string   `default:"127.0.0.1:8888" placeholder:"HOST:PORT" help:"Address of the page (default: ${default})."`
	TokenFile   string   `type:"existingfile" placeholder:"FILE" help:"A file with the token that clients have to give: needed for an address that others reach."`
	Socket      string   `placeholder:"PATH" help:"Listen to this socket, and read no configuration."`
	Parent      int      `placeholder:"PID" help:"With --socket: hear only processes that this one started, which is Apache's parent process."`
	History     string   `xor:"history" placeholder:"FOLDER" help:"Keep what was seen here, a month of it in 50 MB at most (default: in the account's state folder, or systemd's)."`
	NoHistory   bool     `xor:"history" help:"Keep nothing."`
	MaxRSS      []string `name:"max-rss" sep:"none" placeholder:"[GROUP=]SIZE" help:"Replace a process that takes more memory than this, such as 500M: one of a group at a time, once its requests are done. It has to load the file of \"wsgictl telemetry-script\"."`
	StatsD      string   `name:"statsd" placeholder:"HOST:PORT" help:"Send figures to this StatsD server, by UDP."`
	DogStatsD   string   `name:"dogstatsd" placeholder:"HOST:PORT" help:"The same with tags, as Datadog's agent takes them."`
	OTLP        string   `name:"otlp" placeholder:"URL" help:"Send figures to this OpenTelemetry receiver, such as http://127.0.0.1:4318."`
	SystemdUnit bool     `name:"systemd-unit" help:"Print the systemd unit that runs it with these options, and exit."`
	Group       []string `sep:"none" placeholder:"NAME" help:"With --socket: a daemon process group, in the order of their WSGIDaemonProcess."`
	readFlags
}

// Help is the long form of the command's help.
func (monitorCommand) Help() string {
	return `Shows what running daemon process groups do, while they do it: requests that
hang, requests that wait, threads in use, time in each phase, memory, restarts.
It is one process that changes nothing, and runs as any account but root.

Apache has to send it telemetry, which mod_wsgi 6 does:
  WSGITelemetryService unix:/run/wsgictl/telemetry.sock
  WSGISlowRequests 1
For mod_wsgi 4.9 and 5.0, "wsgictl telemetry-script" prints a file that does.

  /              the page
  /metrics       figures for Prometheus
  /api/v1/view   what is known now, as JSON; /api/v1/stream each second,
                 /api/v1/history what was seen until now
  /healthz       answers ok

Example:
  wsgictl monitor
  wsgictl monitor --systemd-unit > /etc/systemd/system/wsgictl-monitor.service
  curl -s http://127.0.0.1:8888/metrics`
}

// readHeaderLimit is how long a client may take to ask.
const readHeaderLimit = 10 * time.Second

func (c monitorCommand) Run(ctx context.Context, s *streams) error {
	if err := c.check(); err != nil {
		return err
	}
	exporters, err := c.exporters()
	if err != nil {
		return err
	}
	limits, err := monitor.ParseMaxRSS(c.MaxRSS)
	if err != nil {
		return usageError{fmt.Errorf("--max-rss %w", err)}
	}
	if c.SystemdUnit {
		return c.printUnit(ctx, s)
	}
	if os.Geteuid() == 0 {
		return usageError{errors.New("monitor: it needs no rights of root; start it as an account of its own, such as: setpriv --reuid www-data --regid www-data --clear-groups wsgictl monitor")}
	}
	token, err := c.token()
	if err != nil {
		return err
	}
	options, err := c.options(ctx)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("answer at %s: %w; name another address with --listen", c.Listen, innermost(err))
	}
	defer listener.Close()
	options.Tell, options.MaxRSS = s.tell, limits
	if options.History, err = c.history(options.Socket, s.tell); err != nil {
		return err
	}
	m, err := monitor.Start(options)
	if err != nil {
		return err
	}
	for _, e := range exporters {
		go m.Export(ctx, e)
	}
	fmt.Fprintf(s.stderr, "http://%s/ shows what is sent to %s\n", listener.Addr(), options.Socket)
	server := &http.Server{Handler: m.Handler(token), ReadHeaderTimeout: readHeaderLimit, MaxHeaderBytes: 16 << 10}
	context.AfterFunc(ctx, func() { server.Close() })
	err = server.Serve(listener)
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return errors.Join(err, m.Close())
}

// check refuses options that would be ignored.
func (c monitorCommand) check() error {
	reads := c.Path != "" || c.ServerRoot != "" || c.Root != "" || c.HTTPDVersion != "" || c.Envvars != "" || len(c.Define)+len(c.AssumeModule) > 0
	switch {
	case c.Socket != "" && reads:
		return usageError{errors.New("--socket is in the place of a configuration: leave away what says how to read one, or --socket")}
	case c.Socket == "" && len(c.Group) > 0:
		return usageError{errors.New("--group is for --socket alone: a configuration says which groups there are")}
	case c.Socket == "" && c.Parent != 0:
		return usageError{errors.New("--parent is for --socket alone: a configuration says where Apache's pid file is")}
	case c.Parent < 0:
		return usageError{fmt.Errorf("--parent %d: want the process id of Apache's parent process", c.Parent)}
	}
	return nil
}

// token is what clients have to give; "" where none is needed.
func (c monitorCommand) token() (string, error) {
	if c.TokenFile != "" {
		return readToken(c.TokenFile)
	}
	needed, err := monitor.NeedsToken(c.Listen)
	switch {
	case err != nil:
		return "", usageError{fmt.Errorf("--listen %s: want HOST:PORT", c.Listen)}
	case needed:
		return "", usageError{fmt.Errorf("--listen %s: others can reach this address, who would see URLs and clients; give a --token-file, or listen on 127.0.0.1", c.Listen)}
	}
	return "", nil
}

// options are what Apache's configuration says, or the flags in its place.
func (c monitorCommand) options(ctx context.Context) (monitor.Options, error) {
	if c.Socket == "" {
		config, err := c.read(ctx, c.Path)
		if err != nil {
			return monitor.Options{}, err
		}
		return monitor.Configured(config)
	}
	options := monitor.Options{Socket: c.Socket, Groups: c.Group}
	if c.Parent != 0 {
		options.Server = func() int { return c.Parent }
	}
	return options, nil
}

// history is where what is seen is kept; nil where it is not. Without a place of its own
// a monitor is better than none, unless somebody has named one.
func (c monitorCommand) history(socket string, tell func(string)) (*history.Store, error) {
	if c.NoHistory {
		return nil, nil //nolint:nilnil // as it says
	}
	folder, err := c.History, error(nil)
	if folder == "" {
		folder, err = history.Folder(socket)
	}
	var store *history.Store
	if err == nil {
		store, err = history.Open(folder, tell)
	}
	if err != nil && c.History == "" {
		tell(fmt.Sprintf("%v; so there will be none: name a folder with --history, or say --no-history", err))
		return nil, nil //nolint:nilnil // as it says
	}
	if err != nil {
		return nil, fmt.Errorf("%w; name another folder with --history, or say --no-history", err)
	}
	return store, nil
}

// exporters are those that were asked for.
func (c monitorCommand) exporters() ([]monitor.Exporter, error) {
	var all []monitor.Exporter
	add := func(option, to string, open func(string) (monitor.Exporter, error)) error {
		if to == "" {
			return nil
		}
		e, err := open(to)
		if err != nil {
			return usageError{fmt.Errorf("--%s: %w", option, err)}
		}
		all = append(all, e)
		return nil
	}
	err := errors.Join(
		add("statsd", c.StatsD, func(to string) (monitor.Exporter, error) { return monitor.NewStatsD(to, false) }),
		add("dogstatsd", c.DogStatsD, func(to string) (monitor.Exporter, error) { return monitor.NewStatsD(to, true) }),
		add("otlp", c.OTLP, monitor.NewOTLP))
	return all, err
}
