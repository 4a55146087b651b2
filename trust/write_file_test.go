package trust

import (
	"os"
	"path/filepath"
	"testing"
)

func TestWriteFileNeedsNoTMPDIR(t *testing.T) {
	dir := t.TempDir()
	temporary := filepath.Join(dir, "tmp")
	if err := os.Mkdir(temporary, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", temporary)
	before, err := os.Stat(temporary)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "file")
	for _, content := range []string{"first", "second"} {
		if err := WriteFile(path, []byte(content), 0o640); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != content {
			t.Errorf("%q, error %v", got, err)
		}
	}
	after, err := os.Stat(temporary)
	if err != nil || !after.ModTime().Equal(before.ModTime()) {
		t.Errorf("something was written to TMPDIR: error %v", err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 2 {
		t.Errorf("left %v, error %v", entries, err)
	}
}
