package verbose

import (
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
	File(t.Context(), "settings", "nobody")
	if len(lines) != 2 || lines[0] != `settings: x\nran rm` ||
		!strings.HasPrefix(lines[1], `ran /bin/sh -c "exit 3" "a b" (`) || !strings.HasSuffix(lines[1], " s): exit status 3") {
		t.Errorf("told %q", lines)
	}
}
