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
func (p *planner) summary() [][2]string {
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
	say("Server URL", "%s/", siteURL("http", p.serverHost(), o.Port))
	if o.HTTPSPort != 0 {
		say("Server URL (HTTPS)", "%s/", siteURL("https", p.serverHost(), o.HTTPSPort))
	}
	if o.ServerStatus {
		say("Server Status", "%s/server-status", siteURL("http", p.serverHost(), o.Port))
	}
	p.summarizeSoftware(say)
	say("Server Root", "%s", p.root)
	say("Server Conf", "%s", p.in("httpd.conf"))
	say("Error Log File", "%s (%s)", p.errorLog(), o.LogLevel)
	sayIf(p.accessLog(), "Access Log File")
	sayIf(p.startupLog(), "Startup Log File")
	if p.coverage != "" {
		say("Coverage Output", "%s", filepath.Join(p.coverage, "index.html"))
	}
	sayIf(p.profiles, "Profiler Output")
	sayIf(p.recordings, "Recorder Output")
	say("Rewrite Rules", "%s", p.rewrite)
	say("Environ Variables", "%s", p.envvars)
	say("Control Script", "%s", p.in("apachectl"))
	if o.SystemdUnit {
		say("Systemd Unit", "%s", p.unitFile())
	}
	say("Operating Mode", "%s", p.mode)
	p.summarizeSize(say)
	say("Locale Setting", "%s", p.locale)
	return lines
}

// summarizeSoftware tells what serves, where several of a kind may be at hand.
func (p *planner) summarizeSoftware(say func(label, format string, args ...any)) {
	s := p.software
	version := s.module.Python
	if s.venv != nil {
		version = cmp.Or(s.venv.Version, version)
		say("Virtualenv", "%s", s.venv.Path)
	} else {
		say("Virtualenv", "none")
	}
	say("Python", "%s (%s)", s.python, version)
	say("mod_wsgi", "%s (%s)", s.module.Path, cmp.Or(s.module.Release, "of an unknown release"))
	p.summarizeBeside(say)
}

func (p *planner) summarizeSize(say func(label, format string, args ...any)) {
	o := p.command.Options
	processes, threads := max(1, o.Processes), o.Threads
	if p.mode == templates.DebugMode {
		processes, threads = 1, 1
	}
	say("Request Capacity", "%d (%s * %s)", processes*threads, plural.Count(processes, "process"), plural.Count(threads, "thread"))
	if p.mode == templates.DaemonMode {
		say("Request Timeout", "%d (seconds)", o.RequestTimeout)
		if o.InterruptTimeout != 0 {
			say("Interrupt Timeout", "%d (seconds)", o.InterruptTimeout)
		}
		say("Startup Timeout", "%d (seconds)", o.StartupTimeout)
		say("Queue Backlog", "%d (connections)", o.DaemonBacklog)
		say("Queue Timeout", "%d (seconds)", o.QueueTimeout)
	}
	capacity, _ := p.capacity()
	say("Server Capacity", "%d (%s)", capacity.MaxRequestWorkers, p.software.mpm)
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
