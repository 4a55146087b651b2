package monitor

import (
	"cmp"
	"errors"
	"net"

	"github.com/wsgictl/wsgictl/httpd/conf"
	"github.com/wsgictl/wsgictl/httpd/installed"
	"github.com/wsgictl/wsgictl/modwsgi"
	"github.com/wsgictl/wsgictl/monitor/sender"
	"github.com/wsgictl/wsgictl/trust"
	"github.com/wsgictl/wsgictl/wsgi"
)

// Configured are the options for the server of a configuration: where that has its
// processes send to, and which they are. It is an error where it has them send nothing.
func Configured(config *conf.Config) (Options, error) {
	view := wsgi.Look(config, modwsgi.Release{}, nil)
	o := Options{Socket: cmp.Or(view.TelemetrySocket(), senderSocket(view)), Server: serverOf(config), Groups: view.GroupNames()}
	if o.Socket == "" {
		return o, errors.New("monitor: the configuration has no WSGITelemetryService, so that nothing is sent; add to the main server: WSGITelemetryService unix:/run/wsgictl/telemetry.sock" +
			"; for mod_wsgi before 6 see: wsgictl telemetry-script --help")
	}
	return o, nil
}

// serverOf gives the parent process of the server that a configuration is of.
func serverOf(config *conf.Config) func() int {
	instance := installed.Instance{ConfigFile: config.Files[0].Name, PIDFile: installed.PIDFile(config, "logs/httpd.pid"), Trusted: trust.Everyone()}
	return func() int {
		process, _ := instance.Process() // without one it is 0
		return process.PID
	}
}

// senderSocket is where the processes of mod_wsgi before 6 send to; "" where none
// loads the file of telemetry-script.
func senderSocket(view *wsgi.View) string {
	const limit = 1 << 16
	for _, script := range view.Imports {
		if text, err := view.Config.ReadFile(script.Script, limit); err == nil {
			if socket, is := sender.SocketOf(text); is {
				return socket
			}
		}
	}
	return ""
}

// NeedsToken tells whether other hosts can reach an address (HOST:PORT), so that clients
// have to give a token: they would see URLs, and who asks for them.
func NeedsToken(address string) (bool, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false, err
	}
	ip := net.ParseIP(host)
	return host != "localhost" && (ip == nil || !ip.IsLoopback()), nil
}
