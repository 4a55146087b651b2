package verbose

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestLines holds what is told, a line for each thing, and that nothing is told to
// who has not asked.
func TestLines(t *testing.T) {
	t.Parallel()
	var lines []string
	ctx := Into(t.Context(), func(line string) { lines = append(lines, line) })
	File(ctx, "settings", "x\nran rm")
	if err := Run(ctx, exec.Command("/bin/sh", "-c", "exit 3", "a b")); err == nil {
		t.Error("no error of a program that fails")
	}
	if err := Run(ctx, exec.Command("/nowhere\nran rm")); err == nil {
		t.Error("no error of a program that is not there")
	}
	File(t.Context(), "settings", "nobody")
	if len(lines) != 5 || strings.Contains(strings.Join(lines, ""), "\n") || lines[0] != `settings: x\nran rm` || lines[1] != `starts /bin/sh -c "exit 3" "a b"` ||
		!strings.HasPrefix(lines[2], `ran /bin/sh -c "exit 3" "a b" (`) || !strings.HasSuffix(lines[2], " s): exit status 3") {
		t.Errorf("told %q", lines)
	}
}

// TestProgramThatHangsIsSeen runs one that stops when it has been told of.
func TestProgramThatHangsIsSeen(t *testing.T) {
	t.Parallel()
	wait, tellIt, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer wait.Close()
	told := make(chan string)
	ctx := Into(t.Context(), func(line string) { told <- line })
	command := exec.Command("/bin/cat")
	command.Stdin = wait
	ended := make(chan error, 1)
	go func() { ended <- RunAs(ctx, "alice", []string{"/bin/cat"}, command) }()
	if line := <-told; line != "starts /bin/cat as alice" {
		t.Errorf("told %q of a program that still runs", line)
	}
	tellIt.Close()
	if line := <-told; !strings.HasPrefix(line, "ran /bin/cat as alice (") {
		t.Errorf("told %q of a program that has ended", line)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
