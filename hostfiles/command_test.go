package hostfiles

import (
	"strings"
	"testing"
	"time"
)

func TestOutputEndsACommandThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	begin := time.Now()
	// The grandchild keeps the pipe open after the shell is gone.
	_, err := Root("").outputWithin(t.Context(), 100*time.Millisecond, "/bin/sh", "-c", "echo half; sleep 30; echo done")
	if err == nil || !strings.Contains(err.Error(), "no answer within 100ms") {
		t.Errorf("error %v, want one that names the time limit", err)
	}
	if took := time.Since(begin); took > 25*time.Second {
		t.Errorf("took %s", took)
	}
}

func TestOutputKeepsWhatAFailingCommandPrinted(t *testing.T) {
	t.Parallel()
	text, err := Root("").Output(t.Context(), "/bin/sh", "-c", "echo useful; echo first >&2; echo why >&2; exit 3")
	if text != "useful\n" {
		t.Errorf("output %q", text)
	}
	if err == nil || !strings.HasSuffix(err.Error(), "exit code 3: why") {
		t.Errorf("error %v, want the exit code and the last line of stderr", err)
	}
}
