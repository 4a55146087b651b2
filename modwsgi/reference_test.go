package modwsgi_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReferencePageIsCurrent(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "options.md")
	if output, err := exec.Command("go", "run", "reference.go", file).CombinedOutput(); err != nil {
		t.Fatalf("go run reference.go: %v\n%s", err, output)
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../docs/options.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("docs/options.md is stale (-want, +got): run go generate ./modwsgi\n%s", diff)
	}
}
