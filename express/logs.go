package express

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// settleLogs are the options with what those of logs decide for each other.
func (p *planner) settleLogs() Options {
	o := p.command.Options
	o.AccessLogFormat = cmp.Or(o.AccessLogFormat, "common")
	if o.VerboseDebugging {
		o.LogLevel += " wsgi:debug" // what the option did until 6.0
	}
	if o.LogDirectory != "" {
		o.LogToTerminal = false // the folder was asked for by name
	}
	return o
}

// logFolder is where logs are written.
func (p *planner) logFolder() string { return cmp.Or(p.caller.abs(p.command.LogDirectory), p.root) }

// errorLog is the file, device or program for errors.
func (p *planner) errorLog() string {
	if p.command.LogToTerminal {
		return terminal("/dev/stderr")
	}
	return p.logTarget(p.command.ErrorLogName)
}

// accessLog is that for requests; empty where none are logged.
func (p *planner) accessLog() string {
	switch {
	case !p.command.LogsRequests():
		return ""
	case p.command.LogToTerminal:
		return terminal("/dev/stdout")
	}
	return p.logTarget(p.command.AccessLogName)
}

// terminal is the device, or, where it cannot be opened because it belongs to
// someone else or is a socket, a program that inherited it.
func terminal(device string) string {
	file, err := os.OpenFile(device, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil || file.Close() != nil {
		return "|/bin/cat"
	}
	return device
}

// logFile is a path in the folder of the logs, if it is not one from the root.
func (p *planner) logFile(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(p.logFolder(), name)
}

// logTarget is a log file, or the program that writes and rotates it.
func (p *planner) logTarget(name string) string {
	o, path := p.command.Options, p.logFile(name)
	if !o.RotateLogs || o.LogToTerminal {
		return path
	}
	return fmt.Sprintf("|%s %s %dM", word(p.rotatelogs()), word(path+".%Y-%m-%d-%H_%M_%S"), o.MaxLogSize)
}

// word quotes an argument of a piped log program where it needs it.
func word(text string) string {
	if strings.ContainsAny(text, " '\"\\") {
		return "'" + strings.ReplaceAll(text, "'", `\'`) + "'"
	}
	return text
}

// rotatelogs is the program of that name that came with Apache.
func (p *planner) rotatelogs() string {
	if named := p.command.RotatelogsExecutable; named != "" {
		return p.program(named)
	}
	for _, dir := range []string{"/usr/sbin", "/usr/bin", "/usr/local/apache2/bin", "/usr/local/sbin"} {
		if path := filepath.Join(dir, "rotatelogs"); isProgram(path) {
			return path
		}
	}
	return p.program("rotatelogs")
}

// startupLog is the file for what Apache says before its error log is open.
func (p *planner) startupLog() string {
	o := p.command.Options
	switch {
	case !o.StartupLog:
		return ""
	case !o.LogToTerminal:
		return p.logFile(o.StartupLogName)
	}
	for _, device := range []string{"/dev/stderr", "/dev/tty"} {
		if terminal(device) == device {
			return device
		}
	}
	return ""
}
