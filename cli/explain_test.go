package cli

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const (
	lostRequest = "[Wed Nov 25 18:31:20.159754 2026] [wsgi:error] [pid 16:tid 17] [client 10.0.0.1:50] WSGI0146: Daemon process 'app' closed connection before sending complete response headers.\n"
	timedOut    = "[Wed Nov 25 18:31:22.159754 2026] [wsgi:error] [pid 16:tid 17] [client 10.0.0.1:50] WSGI0145: Timeout when reading response headers from daemon process 'a'.\n"
)

// An explaining is an explain that runs while its log is written.
type explaining struct {
	*testing.T
	stop   context.CancelFunc
	said   *bufio.Reader
	stderr bytes.Buffer
	code   chan int
}

func explainMeanwhile(t *testing.T, args ...string) *explaining {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	e := &explaining{T: t, stop: cancel, said: bufio.NewReader(reader), code: make(chan int, 1)}
	go func() {
		e.code <- run(ctx, append([]string{"explain"}, args...), writer, &e.stderr)
		writer.Close()
	}()
	t.Cleanup(cancel)
	return e
}

// wants waits for a line that begins so.
func (e *explaining) wants(beginning string) {
	e.Helper()
	for {
		line, err := e.said.ReadString('\n')
		if strings.HasPrefix(line, beginning) {
			return
		}
		if err != nil {
			e.Fatalf("did not say %q: %v\n%s", beginning, err, &e.stderr)
		}
	}
}

// ends waits for the exit code.
func (e *explaining) ends(code int) {
	e.Helper()
	if _, err := io.Copy(io.Discard, e.said); err != nil {
		e.Error(err)
	}
	if got := <-e.code; got != code {
		e.Errorf("exit code %d, want %d\n%s", got, code, &e.stderr)
	}
}

func appendTo(t *testing.T, path, text string) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteString(text); err != nil {
		t.Fatal(err)
	}
}

func TestExplainFollowsALogThroughItsRotation(t *testing.T) {
	t.Parallel()
	log := filepath.Join(t.TempDir(), "error.log")
	appendTo(t, log, lostRequest)
	e := explainMeanwhile(t, "--follow", log)
	e.wants("WSGI0146  failing, once")
	appendTo(t, log, lostRequest)
	e.wants("WSGI0146  failing, 2 times")
	if err := os.Rename(log, log+".1"); err != nil {
		t.Fatal(err)
	}
	appendTo(t, log, timedOut)
	e.wants("WSGI0145  failing, once")
	if err := os.Truncate(log, 0); err != nil {
		t.Fatal(err)
	}
	appendTo(t, log, lostRequest)
	e.wants("WSGI0146  failing, 3 times")
	e.stop()
	e.wants("In all, worst first:")
	e.wants("  WSGI0146  failing, 3 times")
	e.wants("  WSGI0145  failing, once")
	e.wants("4 of 4 lines")
	e.ends(exitFindings)
}

func namedPipe(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pipe")
	if output, err := exec.Command("mkfifo", path).CombinedOutput(); err != nil {
		t.Fatalf("mkfifo: %v\n%s", err, output)
	}
	return path
}

func TestExplainAnswersAPipeWhileItIsWritten(t *testing.T) {
	t.Parallel()
	path := namedPipe(t)
	e := explainMeanwhile(t, path)
	pipe, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ line, answer string }{
		{lostRequest, "WSGI0146  failing, once"}, {timedOut, "WSGI0145  failing, once"}, {timedOut, "WSGI0145  failing, 2 times"},
	} {
		if _, err := pipe.WriteString(step.line); err != nil {
			t.Fatal(err)
		}
		e.wants(step.answer)
	}
	if err := pipe.Close(); err != nil {
		t.Fatal(err)
	}
	e.wants("In all, worst first:")
	e.ends(exitFindings)
}

func TestExplainOfAPipeThatNobodyWritesEndsWhenInterrupted(t *testing.T) {
	t.Parallel()
	for format, code := range map[string]int{"text": exitFine, "json": exitFindings} {
		e := explainMeanwhile(t, namedPipe(t), "--format", format)
		e.stop()
		e.ends(code)
	}
}

func TestExplainOfADeviceWithoutEndEndsWhenInterrupted(t *testing.T) {
	t.Parallel()
	e := explainMeanwhile(t, "/dev/zero")
	e.stop()
	e.ends(exitFine)
}

// Whoever sends requests writes into the error log.
func TestExplanationSteersNoTerminal(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"[\x1b]0;obeyed\a 2026] [wsgi:error] [pid 1:tid 1] WSGI0146: \x1b[2J\x9b31m\u009b31m\x7f\u202e gone\n",
		`{"log":"WSGI0146: \u001b]0;obeyed\u0007 \u009b31m","time":"2026-11-25T18:31:20Z\u001b[2J"}` + "\n",
		`{"MESSAGE":[87,83,71,73,48,49,52,54,58,32,27,93,48,59,7,155,10,27],"__REALTIME_TIMESTAMP":"1795631480159754"}` + "\n",
	} {
		log := filepath.Join(t.TempDir(), "error.log")
		appendTo(t, log, line)
		var stdout, stderr bytes.Buffer
		run(t.Context(), []string{"explain", log}, &stdout, &stderr)
		said := stdout.String() + stderr.String()
		if !strings.Contains(said, "WSGI0146") || strings.ContainsAny(said, "\x1b\a\x7f\u009b\u202e\r") || strings.Contains(said, "\x9b31m") {
			t.Errorf("of %q: %q", line, said)
		}
	}
}

func TestFollowSaysWhatItCannotDo(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"--follow", "WSGI0146"}, {"--follow", "-"}, {"--follow", "error.log", "--format", "json"}} {
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), append([]string{"explain"}, args...), &stdout, &stderr); code != exitUsage || stderr.Len() == 0 {
			t.Errorf("%q: exit code %d, %s", args, code, &stderr)
		}
	}
}
