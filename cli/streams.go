package cli

import (
	"errors"
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// streams are where a command writes, with the name that it was called by.
type streams struct {
	program string
	stdout  io.Writer // results for people, by a printer
	stderr  io.Writer // all else, by a printer
	data    io.Writer // results for programs: stdout byte for byte, unless it is a terminal
	signals *signals  // nil where they are not caught
}

func newStreams(program string, stdout, stderr io.Writer) *streams {
	results := &printer{out: stdout, terminal: isTerminal(stdout)}
	messages := &printer{out: stderr, terminal: isTerminal(stderr)}
	s := &streams{program: program, stdout: results, data: stdout, stderr: messages}
	if results.terminal {
		s.data = results
	}
	return s
}

func isTerminal(stream io.Writer) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// screen is the terminal to which results go, without a printer; nil where they go
// elsewhere, or nobody can type.
func (s *streams) screen() io.Writer {
	results, ok := s.stdout.(*printer)
	if !ok || !results.terminal || !isTerminal(os.Stdin) {
		return nil
	}
	return results.out
}

// tell writes a message.
func (s *streams) tell(text string) { fmt.Fprintf(s.stderr, "%s: %s\n", s.program, text) }

// flush writes what the streams still have, once nothing more is written.
func (s *streams) flush() {
	for _, stream := range []io.Writer{s.stdout, s.stderr} {
		if p, ok := stream.(*printer); ok {
			_ = p.Flush() // the end of a text that is no text: nobody is left to be told
		}
	}
}

// end gives the exit code of a command that has returned. Where a signal stopped
// the command, it stops the process.
func (s *streams) end(err error) int {
	err = s.unwritten(err)
	first, held := s.signals.came()
	var exit exitError
	switch {
	case first == 0, held && (err == nil || errors.As(err, &exit)): // it was done before
		return s.exitCode(err)
	case held && !errors.Is(err, errStopped):
		s.tell(fmt.Sprintf("stopped by %s: %v", unix.SignalName(first), err))
	}
	s.flush()
	return s.signals.raise()
}

// unwritten is the error of a command, or else that its results for people are not
// where they should be: a report has many lines, and goes on after one is lost.
func (s *streams) unwritten(err error) error {
	results, ok := s.stdout.(*printer)
	if !ok || err != nil && !errors.Is(err, errFindings) || results.err() == nil {
		return err
	}
	return fmt.Errorf("write the results: %w", results.err())
}

// helpWidth is the width of the terminal that a help text must not exceed; 0
// where that is none.
func (s *streams) helpWidth() int {
	screen, ok := s.stdout.(*printer)
	if !ok || !screen.terminal {
		return 0
	}
	width, _, err := term.GetSize(int(screen.out.(*os.File).Fd()))
	if err != nil {
		return 0
	}
	return width
}
