// Package sender writes the Python file that tells a monitor what a daemon process of
// mod_wsgi 4.9 or 5.0 does. Release 6 does that by itself.
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
	"strconv"
	"strings"
)

//go:embed sender.py
var source string

// Options are what the file is told.
type Options struct {
	Socket   string  // of the monitor, an absolute path of UTF-8 text
	Interval float64 // seconds between two reports
	Log      float64 // requests at hand for so long are written to the error log with their stacks, once; seconds, 0 is none
	Slow     float64 // requests that take longer are told one by one; seconds, 0 is none
}

// Script is the text of the file.
func Script(o Options) string {
	about, code, _ := strings.Cut(source, "\n\n")
	settings := fmt.Sprintf("%s\nINTERVAL = %g\nSLOW = %g\nLOG = %g\n", strconv.QuoteToASCII(o.Socket), o.Interval, o.Slow, o.Log)
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
