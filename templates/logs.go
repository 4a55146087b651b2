package templates

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// Logs declares what is logged. The tags are its keys in wsgictl.toml and the
// flags of render and start-server.
type Logs struct {
	LogLevel        string `toml:"log-level" placeholder:"LEVEL" help:"Least level of what is logged, such as info, or ssl:debug for one module (default: Apache's)."`
	ErrorLogFormat  string `toml:"error-log-format" placeholder:"FORMAT" help:"Format of the error log, as of ErrorLogFormat (default: Apache's)."`
	AccessLog       *bool  `toml:"access-log" negatable:"" help:"Log each request (default: yes)."`
	AccessLogFormat string `toml:"access-log-format" placeholder:"FORMAT" help:"common, combined, or a format of mod_log_config (default: combined)."`
}

// defaultAccessFormat is that of an access log of which nothing else is said.
const defaultAccessFormat = "combined"

// withDefaults fills in what was left out.
func (l Logs) withDefaults() Logs {
	setDefault(&l.AccessLogFormat, defaultAccessFormat)
	return l
}

// LogsRequests tells whether there is an access log.
func (l Logs) LogsRequests() bool { return l.AccessLog == nil || *l.AccessLog }

// Formats are those of access logs that have a name, as mod_log_config's own
// documentation has them.
func (Logs) Formats() map[string]string {
	return map[string]string{
		"common":   `%h %l %u %t "%r" %>s %b`,
		"combined": `%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"`,
	}
}

// Format is that of the access log. The names are Apache's only where a file
// defines them.
func (l Logs) Format() string {
	if format, named := l.Formats()[l.AccessLogFormat]; named {
		return format
	}
	return l.AccessLogFormat
}

// Levels are the words of LogLevel.
func (l Logs) Levels() []string { return strings.Fields(l.LogLevel) }

// LogFiles are the logs of a server or of a virtual host, with what they hold. An
// empty path asks for no line.
type LogFiles struct {
	Logs
	Errors, Requests string // paths, or "|PROGRAM"
}

var logLevel = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^(\w+:)?(emerg|alert|crit|error|warn|notice|info|debug|trace[1-8])$`)
})

// Check reports words that LogLevel does not take.
func (l Logs) Check() error {
	for word := range strings.FieldsSeq(l.LogLevel) {
		if !logLevel().MatchString(word) {
			return fmt.Errorf("log-level %s: want emerg, alert, crit, error, warn, notice, info, debug or trace1 to trace8, for one module with its name before, such as ssl:debug", word)
		}
	}
	return nil
}
