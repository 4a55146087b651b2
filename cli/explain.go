package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/wsgictl/wsgictl/errorlog"
	"github.com/wsgictl/wsgictl/modwsgi"
)

type explainCommand struct {
	Subjects []string `arg:"" name:"subject" help:"An error log, \"-\" for standard input, a code such as WSGI0146, or a name such as request-timeout."`
	Follow   bool     `short:"f" help:"Go on at the end of the log, through its rotations, until interrupted."`
	Format   string   `enum:"text,json" default:"text" placeholder:"FORMAT" help:"How to print: text or json (default: text)."`
}

// Help is the long form of the command's help.
func (explainCommand) Help() string {
	return `Says of each message of mod_wsgi what happened, what it means to those who use
the application, and what to change. An error log is grouped and counted, worst
first. The codes are those of mod_wsgi 6; in the logs of 3.x to 5.x, and of
Apache 2.2, the texts are recognised that the codes have replaced. Messages
without a code have names: docs/messages.md has all. Exits 1 when a log holds
more than notes.

Logs may be compressed (gzip, bzip2, xz), and come from docker, compose, the
kubelet, the journal or syslog: what these put before a line is dropped, and its
time kept. A pipe is answered while it is read.

Example:
  wsgictl explain WSGI0146
  wsgictl explain request-timeout
  wsgictl explain /var/log/apache2/error.log*
  wsgictl explain --follow /var/log/apache2/error.log
  journalctl -u apache2 -o json | wsgictl explain - --format json`
}

func (c explainCommand) Run(ctx context.Context, s *streams) error {
	codes, logs, err := c.sort()
	if err != nil {
		return usageError{err}
	}
	report := explainReport{out: s.stdout, colours: paletteFor(s.stdout)}
	if c.Format == "text" {
		report.writeEntries(codes)
	}
	answers := answers{explainReport: report}
	tally := &answers.tally
	if len(logs) > 0 {
		err = c.read(ctx, logs, &answers)
	}
	switch {
	case err != nil && tally.Lines == 0:
	case c.Format == "json":
		err = cmp.Or(err, writeExplanation(s.data, tally, append(codes, tally.Entries()...)))
	case len(answers.told) > 0:
		answers.sumUp()
	case len(logs) > 0:
		report.writeEntries(tally.Entries())
		report.writeCount(tally)
	}
	switch {
	case errors.Is(err, errInterrupted):
		return fmt.Errorf("explain: %w", err)
	case err != nil:
		return usageError{fmt.Errorf("explain: %w", err)}
	}
	if slices.ContainsFunc(tally.Entries(), func(e errorlog.Entry) bool { return e.Severity < modwsgi.Note }) {
		return errFindings
	}
	return nil
}

// sort tells codes from logs.
func (c explainCommand) sort() (codes []errorlog.Entry, logs []string, err error) {
	for _, subject := range c.Subjects {
		if m, ok := modwsgi.LookupMessage(subject); ok {
			codes = append(codes, errorlog.Entry{Message: m})
			continue
		}
		if _, err := os.Stat(subject); errors.Is(err, fs.ErrNotExist) && subject != "-" && !strings.ContainsAny(subject, "/.") {
			return nil, nil, unknownSubject(subject)
		}
		logs = append(logs, subject)
	}
	switch {
	case !c.Follow:
	case len(logs) == 0:
		return nil, nil, errors.New("--follow: name the log to follow")
	case slices.Contains(logs, "-"):
		return nil, nil, errors.New("--follow: leave it out for standard input, which is answered while it is read")
	case c.Format == "json":
		return nil, nil, errors.New("--follow: it answers as text; --format json is printed at the end of a log")
	}
	return codes, logs, nil
}

// unknownSubject is an error that says what there is.
func unknownSubject(subject string) error {
	hint := ""
	if id := modwsgi.NearestMessage(subject); id != "" {
		hint = fmt.Sprintf(" (did you mean %s?)", id)
	}
	return fmt.Errorf("explain %s: neither a code of mod_wsgi %s or Apache, such as WSGI0146, nor a name, such as request-timeout, nor a file%s; all codes and names: "+
		"https://github.com/wsgictl/wsgictl/blob/main/docs/messages.md", subject, modwsgi.Newest, hint)
}

const (
	// answerEvery is how often it is told what is new, unless the log comes so fast
	// that it is better to wait for its end.
	answerEvery = time.Second
	fast        = 1 << 20 // bytes in that time
)

// errInterrupted is about a log whose end was wanted and not read.
var errInterrupted = errors.New("interrupted before the end of the log")

// read counts what logs say. A log that may never end is answered meanwhile,
// and may as well be interrupted.
func (c explainCommand) read(ctx context.Context, logs []string, answers *answers) error {
	read := errorlog.Open
	if c.Follow {
		read = errorlog.Follow
	}
	log := read(ctx, logs)
	endless := c.Format == "text" && (c.Follow || slices.ContainsFunc(logs, isPipe))
	var ticks <-chan time.Time
	if endless {
		ticker := time.NewTicker(answerEvery)
		defer ticker.Stop()
		ticks = ticker.C
	}
	for fresh := 0; ; {
		select {
		case block, more := <-log.Blocks:
			if !more && ctx.Err() == nil {
				return log.Err()
			}
			answers.tally.AddLines(block)
			fresh += len(block)
		case <-ticks:
			if fresh < fast {
				answers.tell()
			}
			fresh = 0
		case <-ctx.Done():
			if endless {
				return nil
			}
			return errInterrupted
		}
	}
}

// isPipe tells whether a log is one that somebody else may still write.
func isPipe(name string) bool {
	stat := func() (os.FileInfo, error) { return os.Stat(name) }
	if name == "-" {
		stat = os.Stdin.Stat
	}
	info, err := stat()
	return err == nil && !info.Mode().IsRegular()
}
