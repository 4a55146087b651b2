package express

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/wsgictl/wsgictl/templates"
)

// A logging is what a server logs, and where.
type logging struct {
	templates.Logs
	folder   string
	terminal bool
	rotates  string // the program that starts a new file when one is full; empty for none
	size     int    // when it is full, in MB

	errors   string // file, device or program
	requests string // the same; empty where none are logged
	startup  string // file for what Apache says before its error log is open; empty for none

	folders []Folder // to be made
	uses    []use    // of root: Apache opens the logs before it becomes another account
}

// settleLogging refuses a program for the logs without which Apache does not start.
func settleLogging(o Options, root serverRoot, who identity) (logging, error) {
	l := logging{Logs: o.Logs.Logs, folder: string(root), size: o.MaxLogSize}
	l.AccessLogFormat = cmp.Or(l.AccessLogFormat, "common")
	if o.VerboseDebugging {
		l.LogLevel += " wsgi:debug" // what the option did until 6.0
	}
	if o.LogDirectory != "" {
		l.folder = who.abs(o.LogDirectory)
		l.folders = []Folder{{l.folder, 0o755, false}}
	}
	if o.RotateLogs {
		l.rotates = rotatelogs(o.RotatelogsExecutable, who)
	}
	if o.LogToTerminal && o.LogDirectory == "" { // a folder was asked for by name
		l = l.atTerminal(o.StartupLog)
	} else {
		l = l.inFiles(o)
	}
	if err := who.checkUses(l.uses); err != nil || l.rotates == "" {
		return l, err
	}
	return l, checkProgram("rotatelogs-executable", l.rotates)
}

// atTerminal are the logs where no files are written.
func (l logging) atTerminal(startup bool) logging {
	l.terminal = true
	l.errors = terminal("/dev/stderr")
	if l.LogsRequests() {
		l.requests = terminal("/dev/stdout")
	}
	if !startup {
		return l
	}
	for _, device := range []string{"/dev/stderr", "/dev/tty"} {
		if terminal(device) == device {
			l.startup = device
			break
		}
	}
	return l
}

// inFiles are the logs that are files of the folder.
func (l logging) inFiles(o Options) logging {
	const how = "it is written"
	l.errors = l.target(o.ErrorLogName)
	l.uses = []use{
		{option: "log-directory", path: l.folder, how: "logs are written there"},
		{option: "error-log-name", path: l.file(o.ErrorLogName), how: how, new: true},
	}
	if l.LogsRequests() {
		l.requests = l.target(o.AccessLogName)
		l.uses = append(l.uses, use{option: "access-log-name", path: l.file(o.AccessLogName), how: how, new: true})
	}
	if o.StartupLog {
		l.startup = l.file(o.StartupLogName)
		l.uses = append(l.uses, use{option: "startup-log-name", path: l.startup, how: how, new: true})
	}
	for _, pair := range o.ServiceLogFiles {
		l.uses = append(l.uses, use{option: "service-log-file", path: l.file(pair[1]), how: how, new: true})
	}
	if l.rotates != "" {
		l.uses = append(l.uses, use{option: "rotatelogs-executable", path: l.rotates, how: "it is run"})
	}
	return l
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

// file is a path in the folder of the logs, if it is not one from the root.
func (l logging) file(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(l.folder, name)
}

// target is a log file, or the program that writes and rotates it.
func (l logging) target(name string) string {
	path := l.file(name)
	if l.rotates == "" || l.terminal {
		return path
	}
	return fmt.Sprintf("|%s %s %dM", word(l.rotates), word(path+".%Y-%m-%d-%H_%M_%S"), l.size)
}

// word quotes an argument of a piped log program where it needs it.
func word(text string) string {
	if strings.ContainsAny(text, " '\"\\") {
		return "'" + strings.ReplaceAll(text, "'", `\'`) + "'"
	}
	return text
}

// rotatelogs is the program that was named, else that of Apache.
func rotatelogs(named string, who identity) string {
	if named != "" {
		return who.program(named)
	}
	for _, dir := range []string{"/usr/sbin", "/usr/bin", "/usr/local/apache2/bin", "/usr/local/sbin"} {
		if path := filepath.Join(dir, "rotatelogs"); isProgram(path) {
			return path
		}
	}
	return who.program("rotatelogs")
}

// checkLevels refuses a level for a module that the server does not have: Apache
// would not start ("Cannot find module").
func (l logging) checkLevels(ctx context.Context, a apache, loaded []string) error {
	for word := range strings.FieldsSeq(l.LogLevel) {
		name, _, ofModule := strings.Cut(word, ":")
		name = strings.TrimSuffix(name, "_module")
		if !ofModule || slices.Contains(loaded, name) {
			continue
		}
		builtIn, err := a.hasBuiltIn(ctx, name)
		if err != nil {
			return fmt.Errorf("--log-level %s: %w", l.LogLevel, err)
		}
		if !builtIn {
			return fmt.Errorf("--log-level %s: this server does not load a module %s, and Apache would not start: leave the level out, add the option that needs the module "+
				"(--https-port loads ssl), or load it and set its LogLevel in an --include-file", word, name)
		}
	}
	return nil
}
