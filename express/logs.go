package express

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/httpd/installed"
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

// checkLogLevel refuses a level for a module that the server does not have:
// Apache would not start ("Cannot find module").
func (p *planner) checkLogLevel(ctx context.Context) error {
	for word := range strings.FieldsSeq(p.command.LogLevel) {
		name, _, ofModule := strings.Cut(word, ":")
		name = strings.TrimSuffix(name, "_module")
		if !ofModule || slices.Contains(p.moduleNames(), name) || name == "php5" && p.command.WithPHP5 {
			continue
		}
		builtIn, err := p.isBuiltIn(ctx, name)
		if err != nil {
			return err
		}
		if !builtIn {
			return fmt.Errorf("--log-level %s: this server does not load a module %s, and Apache would not start: leave the level out, add the option that needs the module "+
				"(--https-port loads ssl), or load it and set its LogLevel in an --include-file", word, name)
		}
	}
	return nil
}

// isBuiltIn reports whether each server of this httpd has a module. Httpd is
// asked where its files do not tell.
func (p *planner) isBuiltIn(ctx context.Context, name string) (bool, error) {
	if slices.Contains([]string{"core", "http", "so", "wsgi"}, name) {
		return true, nil
	}
	if exists(filepath.Join(p.software.apache.ModulesDir, "mod_"+name+".so")) {
		return false, nil
	}
	apache, err := installed.Look(ctx, "", p.software.apache.Path)
	if err != nil {
		return false, fmt.Errorf("--log-level %s: %w", p.command.LogLevel, err)
	}
	return slices.Contains(apache.BuiltIn, name), nil
}
