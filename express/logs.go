package express

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// settleLogs decides what Apache logs, and where to.
func (p *planner) settleLogs() {
	o := &p.command.Options
	if o.VerboseDebugging {
		o.LogLevel += " wsgi:debug" // what the option did until 6.0
	}
	if p.logs = p.caller.abs(o.LogDirectory); p.logs == "" {
		p.logs = p.root
	} else {
		o.LogToTerminal = false // the folder was asked for by name
		p.folder(p.logs)
	}
	if o.LogToTerminal {
		p.errorLog, p.accessLog = terminal("/dev/stderr"), terminal("/dev/stdout")
	} else {
		p.errorLog = p.logTarget(o.ErrorLogName)
		p.accessLog = p.logTarget(o.AccessLogName)
	}
	if !o.AccessLog {
		p.accessLog = ""
	}
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
	return filepath.Join(p.logs, name)
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
