package express

import (
	"cmp"
	"fmt"
	"io"
	"path/filepath"

	"github.com/wsgictl/wsgictl/plural"
	"github.com/wsgictl/wsgictl/templates"
)

// summary is what a person wants to know of the server.
func (p plan) summary() [][2]string {
	var lines [][2]string
	o := p.command.Options
	say := func(label, format string, args ...any) {
		lines = append(lines, [2]string{label, fmt.Sprintf(format, args...)})
	}
	sayIf := func(path, label string) {
		if path != "" {
			say(label, "%s", path)
		}
	}
	say("Server URL", "%s/", siteURL("http", p.at.clientName(), p.at.port))
	if p.at.httpsPort != 0 {
		say("Server URL (HTTPS)", "%s/", siteURL("https", p.at.clientName(), p.at.httpsPort))
	}
	if o.ServerStatus {
		say("Server Status", "%s/server-status", siteURL("http", p.at.clientName(), p.at.port))
	}
	p.summarizeSoftware(say)
	say("Server Root", "%s", p.root)
	say("Server Conf", "%s", p.root.in("httpd.conf"))
	say("Error Log File", "%s (%s)", p.logs.errors, p.logs.LogLevel)
	sayIf(p.logs.requests, "Access Log File")
	sayIf(p.logs.startup, "Startup Log File")
	if p.debugging.coverage != "" {
		say("Coverage Output", "%s", filepath.Join(p.debugging.coverage, "index.html"))
	}
	sayIf(p.debugging.profiles, "Profiler Output")
	sayIf(p.debugging.recordings, "Recorder Output")
	say("Rewrite Rules", "%s", p.places.rewrite)
	say("Environ Variables", "%s", p.places.envvars)
	say("Control Script", "%s", p.root.in("apachectl"))
	if o.SystemdUnit {
		say("Systemd Unit", "%s", p.root.unitFile())
	}
	say("Operating Mode", "%s", p.mode)
	p.summarizeSize(say)
	say("Locale Setting", "%s", p.locale)
	return lines
}

// summarizeSoftware tells what serves, where several of a kind may be at hand.
func (p plan) summarizeSoftware(say func(label, format string, args ...any)) {
	python, file := p.place.python, p.module.file
	version := file.Python
	if python.venv != nil {
		version = cmp.Or(python.venv.Version, version)
		say("Virtualenv", "%s", python.venv.Path)
	} else {
		say("Virtualenv", "none")
	}
	say("Python", "%s (%s)", python.program, version)
	say("mod_wsgi", "%s (%s)", file.Path, cmp.Or(file.Release, "of an unknown release"))
	p.summarizeBeside(say)
}

func (p plan) summarizeSize(say func(label, format string, args ...any)) {
	o := p.command.Options
	processes, threads := max(1, o.Processes), o.Threads
	if p.mode == templates.DebugMode {
		processes, threads = 1, 1
	}
	say("Request Capacity", "%d (%s * %s)", processes*threads, plural.Count(processes, "process"), plural.Count(threads, "thread"))
	if p.mode == templates.DaemonMode {
		say("Request Timeout", "%d (seconds)", p.timeouts.request)
		if o.InterruptTimeout != 0 {
			say("Interrupt Timeout", "%d (seconds)", o.InterruptTimeout)
		}
		say("Startup Timeout", "%d (seconds)", o.StartupTimeout)
		say("Queue Backlog", "%d (connections)", o.DaemonBacklog)
		say("Queue Timeout", "%d (seconds)", o.QueueTimeout)
	}
	say("Server Capacity", "%d (%s)", p.capacity.MaxRequestWorkers, p.apache.mpm)
	say("Server Backlog", "%d (connections)", o.ServerBacklog)
}

// Print writes the summary.
func (s *Setup) Print(w io.Writer) error {
	for _, line := range s.Summary {
		if _, err := fmt.Fprintf(w, "%-19s: %s\n", line[0], line[1]); err != nil {
			return err
		}
	}
	return nil
}
