package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"unicode"

	"github.com/wsgictl/wsgictl/jsonreport"
	"github.com/wsgictl/wsgictl/modwsgi"
)

type explainCommand struct {
	Subjects []string `arg:"" name:"subject" help:"An error log, \"-\" for standard input, or a code such as WSGI0146."`
	Format   string   `enum:"text,json" default:"text" placeholder:"FORMAT" help:"How to print: text or json (default: text)."`
}

// Help is the long form of the command's help.
func (explainCommand) Help() string {
	return `Says of each message of mod_wsgi what happened, what it means to those who use
the application, and what to change. An error log is grouped and counted, worst
first. The codes are those of mod_wsgi 6; in the logs of 4.x and 5.x the texts
are recognised that the codes have replaced. Exits 1 when a log holds more than
notes.

Example:
  wsgictl explain WSGI0146
  wsgictl explain /var/log/apache2/error.log
  zcat error.log.*.gz | wsgictl explain - --format json`
}

// explanation is what explain prints with --format json.
type explanation struct {
	Version   int         `json:"version"` // rises when a field goes or changes its meaning
	Lines     int         `json:"lines"`
	Explained int         `json:"explained"`
	Messages  []explained `json:"messages"` // worst first
}

type explained struct {
	ID       string `json:"id"`
	Severity string `json:"severity"` // "down", "failing", "degraded", "note"
	Cause    string `json:"cause"`
	Meaning  string `json:"meaning"`
	Remedy   string `json:"remedy"`
	Count    int    `json:"count,omitempty"`
	First    string `json:"first,omitempty"`
	Last     string `json:"last,omitempty"`
	Example  string `json:"example,omitempty"`
	// Because: for a message about a process that was gone, the ids of the
	// messages that tell why it went, and how often.
	Because map[string]int `json:"because,omitempty"`
}

func (c explainCommand) Run(s *streams) error {
	var tally modwsgi.Tally
	var entries []modwsgi.Entry
	logs := 0
	for _, subject := range c.Subjects {
		if m, ok := modwsgi.LookupMessage(subject); ok {
			entries = append(entries, modwsgi.Entry{Message: m})
			continue
		}
		logs++
		if err := readLog(&tally, subject); err != nil {
			return usageError{err}
		}
	}
	entries = append(entries, tally.Entries()...)
	if err := c.write(s.stdout, tally, entries, logs > 0); err != nil {
		return err
	}
	for _, entry := range entries {
		if entry.Count > 0 && entry.Severity < modwsgi.Note {
			return errFindings
		}
	}
	return nil
}

// readLog counts the lines of a file, or of standard input for "-".
func readLog(tally *modwsgi.Tally, name string) error {
	if name == "-" {
		return countLines(tally, os.Stdin)
	}
	file, err := os.Open(name)
	if errors.Is(err, os.ErrNotExist) && !strings.ContainsAny(name, "/.") {
		return fmt.Errorf("explain %s: neither a code of mod_wsgi %s nor a file", name, modwsgi.Newest)
	}
	if err != nil {
		return fmt.Errorf("explain: %w", err)
	}
	defer file.Close()
	return countLines(tally, file)
}

// countLines reads to the end. Of a line longer than the buffer only the
// beginning counts, which holds the message.
func countLines(tally *modwsgi.Tally, log io.Reader) error {
	reader := bufio.NewReaderSize(log, 64<<10)
	for {
		line, more, err := reader.ReadLine()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("explain: read the log: %w", err)
		}
		tally.Add(string(line))
		for more && err == nil {
			_, more, err = reader.ReadLine()
		}
	}
}

func (c explainCommand) write(out io.Writer, tally modwsgi.Tally, entries []modwsgi.Entry, log bool) error {
	if c.Format == "json" {
		return writeExplanation(out, tally, entries)
	}
	colours := paletteFor(out)
	for _, entry := range entries {
		writeEntry(out, entry, colours)
	}
	if log {
		fmt.Fprintf(out, "%d of %d lines are known messages of mod_wsgi and what goes with it.\n", tally.Explained, tally.Lines)
	}
	return nil
}

func writeExplanation(out io.Writer, tally modwsgi.Tally, entries []modwsgi.Entry) error {
	found := explanation{Version: 1, Lines: tally.Lines, Explained: tally.Explained, Messages: []explained{}}
	for _, e := range entries {
		found.Messages = append(found.Messages, explained{
			ID: e.ID, Severity: e.Severity.String(), Cause: e.Cause, Meaning: e.Meaning, Remedy: e.Remedy,
			Count: e.Count, First: e.First, Last: e.Last, Example: e.Example, Because: e.Because,
		})
	}
	return jsonreport.Write(out, found)
}

func writeEntry(out io.Writer, e modwsgi.Entry, colours palette) {
	severity := e.Severity.String()
	switch e.Severity {
	case modwsgi.Down, modwsgi.Failing:
		severity = colours.red(severity)
	case modwsgi.Degraded:
		severity = colours.yellow(severity)
	}
	heading := colours.bold(e.ID) + "  " + severity
	switch e.Count {
	case 0:
	case 1:
		heading += ", once"
	default:
		heading += fmt.Sprintf(", %d times", e.Count)
	}
	fmt.Fprintln(out, heading)
	writeLabelled(out, "Cause", e.Cause)
	for _, id := range slices.Sorted(maps.Keys(e.Because)) {
		writeLabelled(out, "Because", fmt.Sprintf("%s, %d of %d times: see there.", id, e.Because[id], e.Count))
	}
	writeLabelled(out, "Meaning", e.Meaning)
	writeLabelled(out, "Remedy", e.Remedy)
	if e.First != "" && e.Count > 1 {
		writeLabelled(out, "First", e.First)
	}
	if e.Last != "" {
		writeLabelled(out, "Last", e.Last)
	}
	if e.Example != "" {
		fmt.Fprintf(out, "  %-7s %s\n", "Line", printable(e.Example))
	}
	fmt.Fprintln(out)
}

// printable keeps a log that holds control letters from steering the terminal.
func printable(line string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '?'
		}
		return r
	}, line)
}
