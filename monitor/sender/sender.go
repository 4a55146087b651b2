// Package sender writes the Python file that tells a monitor what a daemon process of
// mod_wsgi 4.9 or 5.0 does, as release 6 does by itself, and for each release where
// its requests are.
//
// Apache loads it by
//
//	WSGIImportScript /etc/wsgictl/telemetry.py process-group=shop application-group=%{GLOBAL}
//
// in the interpreter whose requests are counted: one of each process.
package sender

import (
	_ "embed"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"unicode/utf8"
)

//go:embed sender.py
var source string

// Options are what the file is told.
type Options struct {
	Socket   string  // of the monitor
	Interval float64 // between two reports, in seconds
	Log      float64 // requests at hand for so long are written to the error log with their stacks, once; seconds, 0 is none
	Slow     float64 // requests that take longer are told one by one; seconds, 0 is none
}

// Longest is how many bytes the path of a monitor's socket may have: sun_path of the
// system, without the byte at its end and what Stacks puts behind it.
const Longest = len(syscall.RawSockaddrUnix{}.Path) - 1 - len(stacksSuffix)

const stacksSuffix = ".stacks"

// Stacks is the socket, beside that for telemetry, by which processes are asked where
// their requests are.
func Stacks(socket string) string { return socket + stacksSuffix }

// Check refuses what no process could send to, and times that make no sense. The error
// names the value by its field in lower case.
func (o Options) Check() error {
	const day = 86400
	switch {
	case !filepath.IsAbs(o.Socket) || !utf8.ValidString(o.Socket):
		return fmt.Errorf("socket %q: want an absolute path, in UTF-8", o.Socket)
	case len(o.Socket) > Longest:
		return fmt.Errorf("socket %s: the path is too long by %d bytes for a socket; name a shorter one", o.Socket, len(o.Socket)-Longest)
	case !(0.5 <= o.Interval && o.Interval <= 3600):
		return fmt.Errorf("interval %g: want 0.5 to 3600 seconds", o.Interval)
	case !(0 <= o.Slow && o.Slow <= day):
		return fmt.Errorf("slow-requests %g: want 0 to %d seconds", o.Slow, day)
	case !(0 <= o.Log && o.Log <= day):
		return fmt.Errorf("log-after %g: want 0 to %d seconds", o.Log, day)
	}
	return nil
}

// Script is the text of the file.
func Script(o Options) string {
	about, code, _ := strings.Cut(source, "\n\n")
	settings := fmt.Sprintf("%s\nSTACKS = %s\nINTERVAL = %g\nSLOW = %g\nLOG = %g\n",
		strconv.QuoteToASCII(o.Socket), strconv.QuoteToASCII(Stacks(o.Socket)), o.Interval, o.Slow, o.Log)
	return about + "\n" + socketSetting + settings + "\n" + code
}

// SocketOf is the socket that a file sends to, if it is one of Script.
func SocketOf(text string) (string, bool) {
	about, _, _ := strings.Cut(source, "\n\n")
	settings, is := strings.CutPrefix(text, about+"\n"+socketSetting)
	if !is {
		return "", false
	}
	line, _, _ := strings.Cut(settings, "\n")
	socket, err := strconv.Unquote(line)
	return socket, err == nil
}

const socketSetting = "\nSOCKET = "
