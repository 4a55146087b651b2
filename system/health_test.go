package system

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestEndOfALog(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	huge := filepath.Join(dir, "huge")
	if err := os.WriteFile(huge, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(huge, 1<<40); err != nil {
		t.Skip(err)
	}
	file, err := os.OpenFile(huge, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteString("\nlast line\n"); err != nil {
		t.Fatal(err)
	}
	file.Close()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	said := lastLines([]string{huge, pipe, filepath.Join(dir, "none"), dir})
	if !strings.HasSuffix(said, "last line") {
		t.Errorf("%q", said[max(0, len(said)-100):])
	}
	if took := time.Since(begin); took > 5*time.Second || len(said) > 20_000 {
		t.Errorf("%d bytes in %v", len(said), took)
	}
}
