package express

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/monitor/sender"
	"github.com/wsgictl/wsgictl/templates"
)

// A telemetry is whom the processes tell what they do.
type telemetry struct {
	target  string // of WSGITelemetryService; empty for nobody
	monitor *monitor
	sender  sender.Options // with a monitor
}

// A monitor is the service of the server that shows it, which becomes wsgictl monitor.
type monitor struct {
	program string
	page    string // HOST:PORT
	folder  string // in which the application's account makes the socket
	script  string
	sender  string // the file that the application's processes load
}

// Of what --enable-telemetry runs.
const (
	telemetryService = "telemetry"
	telemetryFolder  = "telemetry"
	telemetryScript  = "telemetry-service.py"
	telemetrySender  = "telemetry.py"
)

// settleTelemetry decides it, and refuses another service in the place of the server's own.
func settleTelemetry(o Options, root serverRoot, who identity) (telemetry, error) {
	t := telemetry{target: o.TelemetryService}
	if o.EnableTelemetry {
		monitor, err := settleMonitor(o, root, who)
		if err != nil {
			return t, err
		}
		t = telemetry{
			target: "unix:" + monitor.socket(), monitor: &monitor,
			sender: sender.Options{Socket: monitor.socket(), Interval: o.TelemetryInterval, Log: float64(cmp.Or(o.RequestTimeout, stuckAfter*2)) / 2},
		}
		if o.SlowRequests != nil {
			t.sender.Slow = *o.SlowRequests
		}
	}
	switch {
	case t.target != "" && !strings.HasPrefix(t.target, "unix:"):
		return t, fmt.Errorf("--telemetry-service %s: want unix:/PATH", t.target)
	case o.SlowRequests != nil && *o.SlowRequests < 0:
		return t, fmt.Errorf("--slow-requests %g: want 0 or more", *o.SlowRequests)
	case o.SlowRequests != nil && t.target == "":
		return t, errors.New("--slow-requests needs --telemetry-service or --enable-telemetry")
	case o.TelemetryInterval < 0.5:
		return t, fmt.Errorf("--telemetry-interval %g: want at least 0.5", o.TelemetryInterval)
	}
	return t, nil
}

// stuckAfter is when the stack of a request is written to the error log, in seconds,
// where no request-timeout says what is long: half of that is.
const stuckAfter = 30

// targetOf is the target for a release that tells by itself what its processes do;
// empty for older ones.
func (t telemetry) targetOf(release modwsgi.Release) string {
	if _, err := modwsgi.LookupDirective("WSGITelemetryService", release); t.monitor != nil && err != nil {
		return ""
	}
	return t.target
}

// senderOf is the file that processes of the application load: only daemon processes do.
func (t telemetry) senderOf(mode templates.Mode) string {
	if t.monitor == nil || mode != templates.DaemonMode {
		return ""
	}
	return t.monitor.sender
}

// checkMode refuses a page that would show nothing.
func (t telemetry) checkMode(mode templates.Mode, release modwsgi.Release) error {
	if t.monitor != nil && mode != templates.DaemonMode && t.targetOf(release) == "" {
		return fmt.Errorf("--enable-telemetry: mod_wsgi %s tells nothing in embedded and debug mode; leave it out, or use mod_wsgi 6", release)
	}
	return nil
}

// settleMonitor refuses a socket whose path is too long, and a program that the
// application's account would run although others than root can change it.
func settleMonitor(o Options, root serverRoot, who identity) (monitor, error) {
	m := monitor{
		program: who.Executable, page: net.JoinHostPort("127.0.0.1", strconv.Itoa(o.TelemetryUIPort)),
		folder: root.in(telemetryFolder), script: root.in(telemetryScript), sender: root.in(telemetrySender),
	}
	taken := slices.ContainsFunc(o.ServiceScripts, func(pair [2]string) bool { return pair[0] == telemetryService })
	switch socket := m.socket(); {
	case o.TelemetryService != "":
		return m, errors.New("--enable-telemetry runs a service of its own; leave --telemetry-service out, or name that service there alone")
	case taken:
		return m, errors.New("--enable-telemetry runs a service called telemetry; give the --service-script another name")
	case len(socket) > sender.Longest:
		return m, fmt.Errorf("--enable-telemetry: the path %s is too long for a socket by %d bytes; name a shorter --server-root", socket, len(socket)-sender.Longest)
	case m.program == "":
		return m, errors.New("--enable-telemetry starts this program in a process of its own, and the system does not tell where its file is; is /proc mounted?")
	}
	if err := who.trusted.Check(m.program); err != nil {
		return m, fmt.Errorf("--enable-telemetry starts %s: %w", m.program, err)
	}
	return m, nil
}

func (m monitor) socket() string { return filepath.Join(m.folder, "socket") }

// services are the server's own one.
func (t telemetry) services() []service {
	if t.monitor == nil {
		return nil
	}
	return []service{{name: telemetryService, script: t.monitor.script}}
}

// folders are that of the socket: the server root is root's where root starts the
// server, and the application's account could make none there.
func (t telemetry) folders() []Folder {
	if t.monitor == nil {
		return nil
	}
	return []Folder{{t.monitor.folder, 0o700, true}}
}

// files are the script of the service, which names the daemon process groups, and what
// the application's processes load.
func (t telemetry) files(groups []string, mode templates.Mode) ([]File, error) {
	if t.monitor == nil {
		return nil, nil
	}
	text, err := templates.MonitorService{Program: t.monitor.program, Listen: t.monitor.page, Socket: t.monitor.socket(), History: filepath.Join(t.monitor.folder, "history"), Groups: groups}.Render()
	files := []File{{t.monitor.script, text, 0o644, false}}
	if file := t.senderOf(mode); file != "" {
		files = append(files, File{file, sender.Script(t.sender), 0o644, false})
	}
	return files, err
}
